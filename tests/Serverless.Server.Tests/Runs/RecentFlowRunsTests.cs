using Microsoft.Extensions.DependencyInjection;
using Serverless.Core.Ids;
using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Server.Runs;
using Serverless.Storage;

namespace Serverless.Server.Tests.Runs;

/// <summary>What an instance knows of a flow run from before is used only as far as it still holds, whatever others have done.</summary>
public sealed class RecentFlowRunsTests : IAsyncLifetime
{
    private TestServer server = null!;
    private TestServer other = null!;
    private FlowRun run = null!;

    public async Task InitializeAsync()
    {
        server = await TestServer.StartAsync();
        other = await TestServer.StartAsync(services =>
        {
            services.AddSingleton<IRowStore>(server.Store);
            services.AddSingleton<IIdGenerator>(provider => new RandomIdGenerator(
                provider.GetRequiredService<TimeProvider>(),
                new Random(2)
            ));
        });
        run = await server.CreateRunningAsync();
    }

    public async Task DisposeAsync()
    {
        await other.DisposeAsync();
        await server.DisposeAsync();
    }

    [Fact]
    public async Task Begin_FlowRunIsLarge_IsReadAndBegins()
    {
        var large = await LargeAsync();
        var reads = server.Store.Reads;

        var started = await server.Gate.BeginTaskRunAsync(TestServer.StartOf(large.Id));

        started.ShouldNotBeNull().Kind.ShouldBe(TaskRunStartKind.Begun);
        (server.Store.Reads - reads).ShouldBe(1);
    }

    [Theory]
    [InlineData(StateType.Cancelling, TaskRunStartKind.Stopped)]
    [InlineData(StateType.Paused, TaskRunStartKind.Paused)]
    public async Task Begin_AnotherInstanceStoppedTheFlowRun_IsRefused(StateType type, TaskRunStartKind expected)
    {
        await SetAsync(other, type);

        var started = await server.Gate.BeginTaskRunAsync(TestServer.StartOf(run.Id));

        started.ShouldNotBeNull().Kind.ShouldBe(expected);
        (await server.TaskRuns.GetAsync(TestServer.StartOf(run.Id).TaskRunId))?.StateType.ShouldNotBe(StateType.Running);
    }

    [Fact]
    public async Task Begin_AnotherInstanceStartedTheFlowRunAgain_IsSuperseded()
    {
        var generation = (await server.Runs.ReadAsync(run.Id)).ShouldNotBeNull().Generation;
        await SetAsync(other, StateType.Failed);
        await SetAsync(other, StateType.Scheduled);
        await other.Gate.ProposeFlowRunStateAsync(run.Id, ProposedStates.Running(), TransitionOrigin.Orchestrator);

        var started = await server.Gate.BeginTaskRunAsync(
            TestServer.StartOf(run.Id) with
            {
                Basis = FlowRunBasis.Attempt(generation, run.RunCount),
            }
        );

        started.ShouldNotBeNull().Kind.ShouldBe(TaskRunStartKind.Stopped);
        started.Answer.ShouldBeOfType<GateAnswer.Superseded>();
    }

    [Fact]
    public async Task Begin_AnotherInstanceDeletedTheFlowRun_IsNull()
    {
        await SetAsync(other, StateType.Failed);
        await other.Runs.DeleteAsync(run.Id);

        (await server.Gate.BeginTaskRunAsync(TestServer.StartOf(run.Id))).ShouldBeNull();
    }

    [Fact]
    public async Task Recent_AnotherInstanceMovedTheRun_IsNotWrittenOver()
    {
        var known = server.Runs.Recent(run.Id).ShouldNotBeNull();
        await SetAsync(other, StateType.Cancelling);

        (var answer, var after) = await server.Gate.ProposeFlowRunStatesAsync(known, [ProposedStates.Completed()], known.Generation);

        answer.ShouldBeOfType<GateAnswer.Moved>();
        after.ShouldBeNull();
        (await server.Runs.GetAsync(run.Id)).ShouldNotBeNull().StateType.ShouldBe(StateType.Cancelling);
    }

    [Fact]
    public async Task Recent_RunWasWritten_IsAsItIsRead()
    {
        var recent = server.Runs.Recent(run.Id).ShouldNotBeNull().Run;

        StoredText(recent).ShouldBe(StoredText((await other.Runs.ReadAsync(run.Id)).ShouldNotBeNull().Run));
    }

    private static string StoredText(FlowRun run) => System.Text.Encoding.UTF8.GetString(Core.Json.StoredJson.Serialize(run));

    private async Task SetAsync(TestServer by, StateType type) =>
        (await by.Gate.SetFlowRunStateAsync(run.Id, new ProposedState { Type = type }, force: true)).Status.ShouldBe(SetStateStatus.Accept);

    private async Task<FlowRun> LargeAsync()
    {
        var created = await server.Runs.CreateAsync(
            new FlowRunCreate
            {
                FlowId = server.Registered.FlowId,
                DeploymentId = server.Registered.Id,
                Tags = [.. Enumerable.Range(0, 100).Select(number => new string('x', 200) + number)],
            }
        );
        await server.Gate.ProposeFlowRunStateAsync(created.Run.Id, ProposedStates.Running(), TransitionOrigin.Orchestrator);
        return created.Run;
    }
}
