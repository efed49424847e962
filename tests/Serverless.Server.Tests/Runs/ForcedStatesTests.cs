using System.Text.Json;
using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Server.Outbox;
using Serverless.Server.Runs;

namespace Serverless.Server.Tests.Runs;

/// <summary>What <c>force</c> skips, what it does not, and what it means for a run of this app.</summary>
public sealed class ForcedStatesTests : IAsyncLifetime
{
    private TestServer server = null!;

    public async Task InitializeAsync() => server = await TestServer.StartAsync();

    public async Task DisposeAsync() => await server.DisposeAsync();

    [Fact]
    public async Task Force_CompletedWithoutItsResult_IsRejected()
    {
        var run = await server.CreateRemoteAsync(
            ProposedStates.Completed() with
            {
                Data = JsonSerializer.SerializeToElement(new { storage_key = "k" }),
            }
        );

        var answer = await ForceAsync(run, ProposedStates.Completed());

        (answer.Status, answer.Reason).ShouldBe(
            (SetStateStatus.Reject, "Cannot overwrite a COMPLETED state that carries persisted result data with one that does not.")
        );
        (await ForceAsync(run, ProposedStates.Failed())).Status.ShouldBe(SetStateStatus.Accept);
    }

    [Theory]
    [InlineData(StateType.Scheduled)]
    [InlineData(StateType.Paused)]
    public async Task Force_CancellingWhatHoldsNothing_IsCancelled(StateType from)
    {
        var run = await server.CreateRemoteAsync(
            new ProposedState
            {
                Type = from,
                StateDetails = new StateDetails { PauseReschedule = true },
            }
        );

        var answer = await ForceAsync(run, ProposedStates.Cancelling());

        (answer.Status, answer.State!.Type).ShouldBe((SetStateStatus.Reject, StateType.Cancelled));
    }

    [Theory]
    [InlineData(StateType.Cancelling, StateType.Running)]
    [InlineData(StateType.Completed, StateType.Pending)]
    [InlineData(StateType.Running, StateType.Running)]
    [InlineData(StateType.Pending, StateType.Paused)]
    public async Task Force_WhatTheRulesRefuse_IsAccepted(StateType from, StateType to)
    {
        var run = await server.CreateRemoteAsync(new ProposedState { Type = from });

        (await ForceAsync(run, new ProposedState { Type = to })).Status.ShouldBe(SetStateStatus.Accept);
    }

    [Fact]
    public async Task Force_Failed_IsNotRetried()
    {
        var run = (
            await server.Runs.CreateAsync(
                new FlowRunCreate
                {
                    FlowId = server.Remote.Id,
                    EmpiricalPolicy = new FlowRunPolicy { Retries = 3 },
                    State = ProposedStates.Running(),
                }
            )
        ).Run;

        (await ForceAsync(run, ProposedStates.Failed())).State!.Type.ShouldBe(StateType.Failed);
    }

    [Theory]
    [InlineData(StateType.Scheduled, OutboxKind.Start)]
    [InlineData(StateType.Pending, OutboxKind.Start)]
    [InlineData(StateType.Running, OutboxKind.Start)]
    [InlineData(StateType.Paused, OutboxKind.StateChanged)]
    [InlineData(StateType.Cancelling, OutboxKind.StateChanged)]
    [InlineData(StateType.Completed, OutboxKind.StateChanged)]
    [InlineData(StateType.Crashed, OutboxKind.StateChanged)]
    public async Task Force_OnRunningRunOfThisApp_TellsItsOrchestrationOrStartsTheNext(StateType type, OutboxKind kind)
    {
        var run = await server.CreateRunningAsync();

        await ForceAsync(run, new ProposedState { Type = type });

        var entry = server.Announcer.Entries.Last();
        (entry.Kind, entry.Generation, entry.StateType).ShouldBe((kind, kind == OutboxKind.Start ? 2 : 1, type));
        (await server.Runs.GetGenerationAsync(run.Id)).ShouldBe(entry.Generation);
    }

    [Theory]
    [InlineData(StateType.Running)]
    [InlineData(StateType.Paused)]
    [InlineData(StateType.Cancelling)]
    public async Task Force_OnEndedRunOfThisApp_StartsTheNextOrchestration(StateType type)
    {
        var run = await server.CreateRunningAsync();
        await server.Gate.ProposeFlowRunStateAsync(run.Id, ProposedStates.Failed(), TransitionOrigin.Orchestrator);

        await ForceAsync(run, new ProposedState { Type = type });

        (server.Announcer.Entries.Last().Kind, server.Announcer.Entries.Last().Generation).ShouldBe((OutboxKind.Start, 2));
    }

    [Fact]
    public async Task Force_CompletedOnCompletedRunOfThisApp_KeepsItsResult()
    {
        var run = await server.CreateRunningAsync();
        await server.Gate.ProposeFlowRunStateAsync(run.Id, ProposedStates.Completed(), TransitionOrigin.Orchestrator, resultJson: "42");

        (await ForceAsync(run, ProposedStates.Completed("again"))).Status.ShouldBe(SetStateStatus.Accept);

        (await server.Runs.GetResultAsync(run.Id))!.Json.ShouldBe("42");
        await ForceAsync(run, ProposedStates.Failed());
        (await server.Store.KeysAsync(RunKeys.Runs, RunKeys.Partition(run.Id))).ShouldNotContain(RunKeys.ResultRow);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Propose_AStorm_OneSubmitterIsAccepted(bool force)
    {
        var run = await server.CreateRemoteAsync(ProposedStates.Scheduled());

        var answers = await Task.WhenAll(
            Enumerable
                .Range(0, 50)
                .Select(_ =>
                    Task.Run(() => server.Gate.ProposeFlowRunStateAsync(run.Id, ProposedStates.Pending(), TransitionOrigin.Client, force))
                )
        );

        answers.Count(answer => answer!.Status == SetStateStatus.Accept).ShouldBe(force ? 50 : 1);
        answers.Count(answer => answer!.Status == SetStateStatus.Abort).ShouldBe(force ? 0 : 49);
        var states = await server.Runs.GetStatesAsync(run.Id);
        states.Count.ShouldBe(force ? 51 : 2);
        states.Select(state => state.Timestamp).ShouldBeInOrder(SortDirection.Ascending);
        states.Select(state => state.Timestamp).ShouldBeUnique();
    }

    private async Task<GateAnswer> ForceAsync(FlowRun run, ProposedState state) =>
        (await server.Gate.ProposeFlowRunStateAsync(run.Id, state, TransitionOrigin.Client, force: true)).ShouldNotBeNull();
}
