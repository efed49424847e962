using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Core.Transitions;
using Serverless.Server.Concurrency;
using Serverless.Server.Runs;

namespace Serverless.Server.Tests.Concurrency;

/// <summary>Clients' task runs, outside any flow too, and the slots of their tags' limits.</summary>
public sealed class ClientTaskRunSlotsTests : IAsyncLifetime
{
    private static readonly Guid Database = ConcurrencyKeys.IdOfTag("database");

    private TestServer server = null!;

    public async Task InitializeAsync()
    {
        server = await TestServer.StartAsync();
        await server.Limits().EnsureAsync(ConcurrencyKeys.NameOfTag("database"), 1, CancellationToken.None);
    }

    public async Task DisposeAsync() => await server.DisposeAsync();

    [Fact]
    public async Task SetState_OutsideAnyFlow_TakesASlotAndGivesItBack()
    {
        var first = await CreateAsync("0");
        var second = await CreateAsync("1");

        (await SetAsync(first, ProposedStates.Running())).Status.ShouldBe(SetStateStatus.Accept);
        var full = await SetAsync(second, ProposedStates.Running());
        server.Time.Advance(SlotSweep.MinimumAge + TimeSpan.FromSeconds(1));
        (await server.Get<SlotSweep>().RunAsync()).ShouldBe(0);
        (await SetAsync(first, ProposedStates.Completed())).Status.ShouldBe(SetStateStatus.Accept);

        (full.Status, full.State!.Type).ShouldBe((SetStateStatus.Wait, StateType.Pending));
        (await SetAsync(second, ProposedStates.Running())).Status.ShouldBe(SetStateStatus.Accept);
    }

    [Theory]
    [InlineData(StateType.Failed)]
    [InlineData(StateType.Pending)]
    public async Task SetState_Forced_GivesTheSlotBack(StateType type)
    {
        var run = await CreateAsync("0");
        await SetAsync(run, ProposedStates.Running());

        await server.Gate.SetTaskRunStateAsync(run.Id, new ProposedState { Type = type }, force: true);

        (await TakenAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task Delete_Running_GivesTheSlotBack()
    {
        var run = await CreateAsync("0");
        await SetAsync(run, ProposedStates.Running());
        (await TakenAsync()).ShouldBe(1);

        await server.TaskRuns.DeleteAsync(run.Id);

        (await TakenAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task SetState_AStormOfRunsForOneSlot_OneRuns()
    {
        var runs = await Task.WhenAll(Enumerable.Range(0, 20).Select(index => CreateAsync($"{index}")));

        var answers = await Task.WhenAll(runs.Select(run => Task.Run(() => SetAsync(run, ProposedStates.Running()))));

        answers.Count(answer => answer.Status == SetStateStatus.Accept).ShouldBe(1);
        answers.Count(answer => answer.Status == SetStateStatus.Wait).ShouldBe(19);
        (await TakenAsync()).ShouldBe(1);
    }

    private async Task<TaskRun> CreateAsync(string dynamicKey) =>
        (
            await server.Gate.CreateTaskRunAsync(
                new TaskRunCreate
                {
                    TaskKey = "t",
                    DynamicKey = dynamicKey,
                    Tags = ["database"],
                }
            )
        ).Run;

    private async Task<GateAnswer> SetAsync(TaskRun run, ProposedState state) =>
        (await server.Gate.SetTaskRunStateAsync(run.Id, state)).ShouldNotBeNull();

    private async Task<int> TakenAsync() => (await server.SlotsAsync(Database)).Count;
}
