using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Core.Transitions;
using Serverless.Server.Outbox;
using Serverless.Server.Runs;
using Serverless.Storage;

namespace Serverless.Server.Tests.Runs;

/// <summary>The states and the result that a run's row holds, and those that it has no room for.</summary>
public sealed class RunHistoryTests : IAsyncLifetime
{
    private TestServer server = null!;

    public async Task InitializeAsync() => server = await TestServer.StartAsync();

    public async Task DisposeAsync() => await server.DisposeAsync();

    [Theory]
    [InlineData(3, 10, 0)]
    [InlineData(60, 10, 1)]
    [InlineData(5, 3000, 1)]
    [InlineData(2, 50_000, 1)]
    public async Task FlowRun_FurtherStates_AreListedInOrderWhereverTheyLie(int states, int messageLength, int atLeastSoManyRows)
    {
        var run = await server.CreateRemoteAsync();
        List<string> expected = [run.State!.Message ?? ""];
        for (var i = 0; i < states; i++)
        {
            server.Time.Advance(TimeSpan.FromSeconds(1));
            var message = i.ToString("D4").PadRight(messageLength, '.');
            await server.Gate.ProposeFlowRunStateAsync(
                run.Id,
                new ProposedState { Type = StateType.Running, Message = message },
                TransitionOrigin.Client,
                force: true
            );
            expected.Add(message);
        }

        var listed = await server.Runs.GetStatesAsync(run.Id);
        listed.Select(state => state.Message ?? "").ShouldBe(expected);
        foreach (var state in listed)
        {
            (await server.Runs.GetStateAsync(state.Id)).ShouldBe(state);
        }

        (await StateRowsAsync(run.Id)).ShouldBeGreaterThanOrEqualTo(atLeastSoManyRows);
        var row = (await server.Store.GetAsync(RunKeys.FlowRun(run.Id)))!;
        (RunHistory.From(row).Past?.Length ?? 0).ShouldBeLessThanOrEqualTo(RunHistory.MaxPastBytes);
    }

    [Fact]
    public async Task TaskRun_ManyAttempts_AreListedInOrderAndGoWithTheRun()
    {
        var run = await server.CreateRunningAsync();
        var start = TestServer.StartOf(run.Id) with { EmpiricalPolicy = new TaskRunPolicy { Retries = 30 } };
        for (var i = 0; i < 30; i++)
        {
            var started = (await server.Gate.BeginTaskRunAsync(start))!;
            started.Kind.ShouldBe(TaskRunStartKind.Begun);
            await server.Gate.EndTaskRunAsync(started, ProposedStates.Failed($"attempt {i}"));
        }

        var states = await server.TaskRuns.GetStatesAsync(start.TaskRunId);
        states.Count.ShouldBe(61);
        states.Select(state => state.Timestamp).ShouldBeInOrder();
        states.Count(state => state.Name == StateNames.AwaitingRetry).ShouldBe(30);
        foreach (var state in states)
        {
            (await server.TaskRuns.GetStateAsync(state.Id)).ShouldBe(state);
        }

        await server.Runs.DeleteAsync(run.Id);
        await server.Runs.PurgeAsync(run.Id);
        (await server.Store.CountAsync(RunKeys.Runs)).ShouldBe(0);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(RunHistory.MaxResultBytes)]
    [InlineData(RunHistory.MaxResultBytes + 1)]
    [InlineData(500_000)]
    public async Task Result_OfAnySize_ComesBackAndGoesWhenTheRunIsRunAgain(int length)
    {
        var run = await server.CreateRunningAsync();
        var result = $"\"{new string('x', length - 2)}\"";
        var start = TestServer.StartOf(run.Id);
        await server.Gate.EndTaskRunAsync((await server.Gate.BeginTaskRunAsync(start))!, ProposedStates.Completed(), result);
        await EndAsync(run, ProposedStates.Completed(), result);

        (await server.Runs.GetResultAsync(run.Id))!.Json.ShouldBe(result);
        (await server.TaskRuns.GetResultAsync(start.TaskRunId))!.Json.ShouldBe(result);
        (await server.Gate.BeginTaskRunAsync(start))!.StoredResultJson.ShouldBe(result);

        await server.Gate.ProposeFlowRunStateAsync(run.Id, ProposedStates.Scheduled(), TransitionOrigin.Client, force: true);
        await server.Gate.ProposeFlowRunStateAsync(run.Id, ProposedStates.Running(), TransitionOrigin.Orchestrator);
        (await server.Runs.GetResultAsync(run.Id))!.Json.ShouldBeNull();
        (await server.Store.GetAsync(RunKeys.FlowRunResult(run.Id))).ShouldBeNull();

        await EndAsync(run, ProposedStates.Completed(), "1");
        (await server.Runs.GetResultAsync(run.Id))!.Json.ShouldBe("1");
    }

    [Fact]
    public async Task Purge_RunWithAnIdempotencyKey_IsRememberedForAnHour()
    {
        FlowRunCreate request = new() { FlowId = server.Remote.Id, IdempotencyKey = "once" };
        var run = (await server.Runs.CreateAsync(request)).Run;
        await server.Runs.DeleteAsync(run.Id);
        await server.Runs.PurgeAsync(run.Id);
        await server.Runs.PurgeAsync(run.Id);

        // Who has read the key before, and creates the run only now, finds that it was deleted.
        (await server.Store.GetAsync(RunKeys.FlowRun(run.Id))).ShouldNotBeNull();
        (await server.Runs.CreateAsync(request)).Run.Id.ShouldNotBe(run.Id);
        OutboxEntry entry = (await server.OutboxAsync()).Where(entry => entry.Kind == OutboxKind.Forget).ShouldHaveSingleItem();
        (await DueAsync(TimeSpan.FromMinutes(59))).ShouldNotContain(entry);
        (await DueAsync(TimeSpan.FromMinutes(2))).ShouldContain(entry);

        await server.Runs.ForgetAsync(run.Id);
        await server.Runs.ForgetAsync(run.Id);
        (await server.Store.GetAsync(RunKeys.FlowRun(run.Id))).ShouldBeNull();
    }

    private async Task<IReadOnlyList<OutboxEntry>> DueAsync(TimeSpan later)
    {
        server.Time.Advance(later);
        return await server.Get<OutboxStore>().ReadAsync(server.Time.GetUtcNow()).ToListAsync();
    }

    private async Task EndAsync(FlowRun run, ProposedState state, string result)
    {
        var known = (await server.Runs.ReadAsync(run.Id))!;
        (await server.Gate.ProposeFlowRunStatesAsync(known, [state], known.Generation, result)).Answer.Status.ShouldBe(
            SetStateStatus.Accept
        );
    }

    private async Task<int> StateRowsAsync(Guid run) =>
        (await server.Store.QueryAsync(RowRange.Prefix(RunKeys.Runs, RunKeys.Partition(run), RunKeys.FlowRunStatePrefix))).Rows.Count;
}
