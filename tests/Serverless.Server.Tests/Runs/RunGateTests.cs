using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Server.Outbox;
using Serverless.Server.Runs;

namespace Serverless.Server.Tests.Runs;

public sealed class RunGateTests
{
    [Fact]
    public async Task Propose_UnknownRun_AnswersMissing()
    {
        await using var server = await TestServer.StartAsync();

        (
            await server.Gate.ProposeFlowRunStateAsync(
                Guid.Parse("00000000-0000-0000-0000-000000000001"),
                ProposedStates.Running(),
                TransitionOrigin.Client
            )
        ).ShouldBeOfType<GateAnswer.Missing>();
    }

    [Fact]
    public async Task Propose_Accepted_StoresRunStateHistoryAndList()
    {
        await using var server = await TestServer.StartAsync(columns: false);
        var run = await server.CreateRemoteAsync();
        server.Time.Advance(TimeSpan.FromSeconds(2));

        var result = await server.Gate.ProposeFlowRunStateAsync(run.Id, ProposedStates.Running(), TransitionOrigin.Client);

        result.ShouldNotBeNull().Status.ShouldBe(SetStateStatus.Accept);
        var stored = (await server.Runs.GetAsync(run.Id)).ShouldNotBeNull();
        stored.StateType.ShouldBe(StateType.Running);
        stored.RunCount.ShouldBe(1);
        stored.StartTime.ShouldBe(server.Time.GetUtcNow());
        stored.State.ShouldNotBeNull().Id.ShouldBe(result.State.ShouldNotBeNull().Id);
        (await server.Runs.GetStatesAsync(run.Id)).Select(state => state.Type).ShouldBe([StateType.Pending, StateType.Running]);
        (await server.ListAsync(RunKeys.ListByState(StateType.Running))).Count.ShouldBe(1);
        (await server.ListAsync(RunKeys.ListByState(StateType.Pending))).ShouldBeEmpty();
    }

    [Fact]
    public async Task Propose_ClientOfRegisteredRun_AnnouncesStateChange()
    {
        await using var server = await TestServer.StartAsync();
        var run = await server.CreateRunningAsync();

        await server.Gate.ProposeFlowRunStateAsync(run.Id, ProposedStates.Cancelling(), TransitionOrigin.Client);

        var entry = server.Announcer.Entries.Last();
        entry.Kind.ShouldBe(OutboxKind.StateChanged);
        entry.Generation.ShouldBe(1);
        entry.StateType.ShouldBe(StateType.Cancelling);
        (await server.OutboxAsync())[^1].ShouldBe(entry);
        OutboxEntry.FromMessage(entry.ToMessage()).ShouldBe(entry);
    }

    [Theory]
    [InlineData(StateType.Scheduled)]
    [InlineData(StateType.Pending)]
    [InlineData(StateType.Running)]
    public async Task Propose_ClientTakesTheOrchestrationsStep_IsToldToAbort(StateType type)
    {
        await using var server = await TestServer.StartAsync();
        var run = await server.CreateRunningAsync();

        var result = await server.Gate.ProposeFlowRunStateAsync(run.Id, new ProposedState { Type = type }, TransitionOrigin.Client);

        result.ShouldNotBeNull().Status.ShouldBe(SetStateStatus.Abort);
        (await server.Runs.GetAsync(run.Id)).ShouldNotBeNull().StateType.ShouldBe(StateType.Running);
    }

    [Fact]
    public async Task Propose_OrchestratorOfRegisteredRun_AnnouncesNothing()
    {
        await using var server = await TestServer.StartAsync();
        var run = await server.CreateRegisteredAsync();
        server.Announcer.Entries.Clear();

        var known = (await server.Runs.ReadAsync(run.Id)).ShouldNotBeNull();
        await server.Gate.ProposeFlowRunStatesAsync(known, [ProposedStates.Running(), ProposedStates.Completed()], generation: 1);

        server.Announcer.Entries.ShouldBeEmpty();
        (await server.OutboxAsync()).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Propose_RemoteRun_AnnouncesNothing()
    {
        await using var server = await TestServer.StartAsync();
        var run = await server.CreateRemoteAsync();

        await server.Gate.ProposeFlowRunStateAsync(run.Id, ProposedStates.Running(), TransitionOrigin.Client);

        (await server.OutboxAsync()).ShouldBeEmpty();
        (await server.Runs.GetGenerationAsync(run.Id)).ShouldBe(0);
    }

    [Theory]
    [InlineData(StateType.Failed)]
    [InlineData(StateType.Cancelled)]
    [InlineData(StateType.Crashed)]
    public async Task Propose_RerunOfEndedRun_StartsNextGenerationAndDropsResult(StateType type)
    {
        await using var server = await TestServer.StartAsync();
        var run = await server.CreateRunningAsync();
        await server.Gate.ProposeFlowRunStateAsync(
            run.Id,
            new ProposedState { Type = type },
            TransitionOrigin.Orchestrator,
            resultJson: "42"
        );
        (await server.Runs.GetResultAsync(run.Id)).ShouldNotBeNull().Json.ShouldBe("42");

        await server.Gate.ProposeFlowRunStateAsync(run.Id, ProposedStates.Scheduled(), TransitionOrigin.Client);

        var entry = server.Announcer.Entries.Last();
        entry.Kind.ShouldBe(OutboxKind.Start);
        entry.Generation.ShouldBe(2);
        entry.InstanceId.ShouldBe($"{run.Id:N}-2");
        (await server.Runs.GetGenerationAsync(run.Id)).ShouldBe(2);
        (await server.Store.KeysAsync(RunKeys.Runs, RunKeys.Partition(run.Id))).ShouldNotContain(RunKeys.ResultRow);
    }

    [Fact]
    public async Task Propose_OtherFinalStateByForce_TakesItsResultOrNone()
    {
        await using var server = await TestServer.StartAsync();
        var run = await server.CreateRunningAsync();
        await server.Gate.ProposeFlowRunStateAsync(run.Id, ProposedStates.Failed(), TransitionOrigin.Orchestrator, resultJson: "1");

        await server.Gate.ProposeFlowRunStateAsync(
            run.Id,
            ProposedStates.Crashed(),
            TransitionOrigin.Orchestrator,
            force: true,
            resultJson: "2"
        );
        (await server.Runs.GetResultAsync(run.Id))!.Json.ShouldBe("2");
        await server.Gate.ProposeFlowRunStateAsync(run.Id, ProposedStates.Completed(), TransitionOrigin.Client, force: true);
        (await server.Runs.GetResultAsync(run.Id))!.Json.ShouldBe("null");
        (await server.Store.KeysAsync(RunKeys.Runs, RunKeys.Partition(run.Id))).ShouldNotContain(RunKeys.ResultRow);
    }

    [Fact]
    public async Task Propose_OutdatedGeneration_IsToldToAbort()
    {
        await using var server = await TestServer.StartAsync();
        var run = await server.CreateRunningAsync();
        await server.Gate.ProposeFlowRunStateAsync(run.Id, ProposedStates.Failed(), TransitionOrigin.Client);
        await server.Gate.ProposeFlowRunStateAsync(run.Id, ProposedStates.Scheduled(), TransitionOrigin.Client);

        var late = await server.Gate.ProposeFlowRunStateAsync(
            run.Id,
            ProposedStates.Running(),
            TransitionOrigin.Orchestrator,
            generation: 1
        );

        late.ShouldNotBeNull().Status.ShouldBe(SetStateStatus.Abort);
        (await server.Runs.GetAsync(run.Id)).ShouldNotBeNull().StateType.ShouldBe(StateType.Scheduled);
    }

    [Fact]
    public async Task Propose_Several_AreOneCommitThatStopsAtTheFirstRefusal()
    {
        await using var server = await TestServer.StartAsync();
        var run = (
            await server.Runs.CreateFromDeploymentAsync(
                server.Registered.Id,
                new DeploymentFlowRunCreate
                {
                    EnforceParameterSchema = false,
                    State = ProposedStates.Scheduled(server.Time.GetUtcNow().AddHours(1)),
                }
            )
        )!.Run;
        var commits = server.Store.Commits;

        var known = (await server.Runs.ReadAsync(run.Id)).ShouldNotBeNull();
        (var result, var after) = await server.Gate.ProposeFlowRunStatesAsync(
            known,
            [ProposedStates.Pending(), ProposedStates.Running()],
            generation: 1
        );

        result.Status.ShouldBe(SetStateStatus.Wait);
        result.State.ShouldNotBeNull().Type.ShouldBe(StateType.Pending);
        (server.Store.Commits - commits).ShouldBe(1);
        (await server.Runs.GetStatesAsync(run.Id)).Count.ShouldBe(2);
        after.ShouldNotBeNull().Run.StateType.ShouldBe(StateType.Pending);
    }

    [Fact]
    public async Task Propose_OnASnapshot_GoesOnFromItWithoutReadingUntilTheRunHasMoved()
    {
        await using var server = await TestServer.StartAsync();
        var run = await server.CreateRunningAsync();
        var known = (await server.Runs.ReadAsync(run.Id)).ShouldNotBeNull();
        var reads = server.Store.Reads;

        var after = (await server.Gate.ProposeFlowRunStatesAsync(known, [ProposedStates.Paused()], generation: 1)).After;
        var late = await server.Gate.ProposeFlowRunStatesAsync(known, [ProposedStates.Completed()], generation: 1);
        var resumed = await server.Gate.ProposeFlowRunStatesAsync(after.ShouldNotBeNull(), [ProposedStates.Running()], generation: 1);

        late.ShouldBe((new GateAnswer.Moved(), null));
        resumed.Answer.Status.ShouldBe(SetStateStatus.Accept);
        server.Store.Reads.ShouldBe(reads);
        (await server.Gate.ProposeFlowRunStatesAsync(known, [ProposedStates.Completed()], generation: 2)).Answer.Status.ShouldBe(
            SetStateStatus.Abort
        );
    }

    [Fact]
    public async Task Propose_RacingWithAnother_IsJudgedAgainAgainstWhatTheOtherWrote()
    {
        await using var server = await TestServer.StartAsync();
        var run = await server.CreateRunningAsync();
        server.Store.Once(
            RunKeys.Runs,
            () => server.Gate.ProposeFlowRunStateAsync(run.Id, ProposedStates.Cancelling(), TransitionOrigin.Client)
        );

        var completed = await server.Gate.ProposeFlowRunStateAsync(
            run.Id,
            ProposedStates.Completed(),
            TransitionOrigin.Orchestrator,
            resultJson: "1"
        );

        completed.ShouldNotBeNull().Status.ShouldBe(SetStateStatus.Reject);
        completed.State.ShouldNotBeNull().Type.ShouldBe(StateType.Cancelling);
        (await server.Runs.GetStatesAsync(run.Id))
            .Select(state => state.Type)
            .ShouldBe([StateType.Pending, StateType.Running, StateType.Cancelling]);
        (await server.Store.KeysAsync(RunKeys.Runs, RunKeys.Partition(run.Id))).ShouldNotContain(RunKeys.ResultRow);
    }

    [Fact]
    public async Task Propose_ManyAtOnce_OneEndsTheRunAndTheHistoryAgreesWithTheLists()
    {
        await using var server = await TestServer.StartAsync(columns: false);
        var run = await server.CreateRunningAsync();
        ProposedState[] ends = [ProposedStates.Completed(), ProposedStates.Failed(), ProposedStates.Cancelled(), ProposedStates.Crashed()];

        var results = await Task.WhenAll(
            Enumerable
                .Range(0, 32)
                .Select(index =>
                    Task.Run(() => server.Gate.ProposeFlowRunStateAsync(run.Id, ends[index % ends.Length], TransitionOrigin.Orchestrator))
                )
        );

        results.Count(result => result!.Status == SetStateStatus.Accept).ShouldBe(1);
        var last = (await server.Runs.GetStatesAsync(run.Id))[^1];
        last.Type.IsFinal().ShouldBeTrue();
        results.ShouldAllBe(result => result!.State!.Id == last.Id);
        foreach (var type in Enum.GetValues<StateType>())
        {
            (await server.ListAsync(RunKeys.ListByState(type))).Count.ShouldBe(type == last.Type ? 1 : 0);
        }
    }

    [Fact]
    public async Task Propose_StoreUnavailable_Throws()
    {
        await using var server = await TestServer.StartAsync();
        var run = await server.CreateRemoteAsync();
        server.Store.BeforeCommit = _ => throw new Storage.RowStoreUnavailableException("full");

        await Should.ThrowAsync<Storage.RowStoreUnavailableException>(() =>
            server.Gate.ProposeFlowRunStateAsync(run.Id, ProposedStates.Running(), TransitionOrigin.Client)
        );
    }
}
