using Serverless.Core.Ids;
using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Functions.Tests.Fixtures;
using Serverless.Server.Flows;
using Serverless.Server.Runs;

namespace Serverless.Functions.Tests;

/// <summary>Subflows of remote clients: nobody here executes parent or child, and the task run between them is true all the same.</summary>
public sealed class RemoteSubflowTests
{
    [Fact]
    public async Task Subflow_OfARemoteParent_IsFollowedByItsTaskRun()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var gate = app.Get<RunGate>();
        var flowId = (await app.Get<FlowService>().CreateAsync(new FlowCreate { Name = "remote" })).Flow.Id;
        var parentId = (await app.Runs.CreateAsync(new FlowRunCreate { FlowId = flowId, State = ProposedStates.Running() })).Run.Id;
        TaskRunStart task = new()
        {
            FlowRunId = parentId,
            TaskRunId = StableIds.TaskRun(parentId, "remote", 0),
            Name = "remote-0",
            TaskKey = "remote",
            DynamicKey = "0",
            Basis = FlowRunBasis.Orchestration(0),
        };
        await gate.BeginTaskRunAsync(task);

        var childId = (await app.Runs.CreateAsync(new FlowRunCreate { FlowId = flowId, ParentTaskRunId = task.TaskRunId })).Run.Id;
        await gate.ProposeFlowRunStateAsync(childId, ProposedStates.Running(), TransitionOrigin.Client);
        await gate.ProposeFlowRunStateAsync(childId, ProposedStates.Completed("done"), TransitionOrigin.Client);
        await app.WhenAsync(
            async () =>
                (await app.Get<TaskRunService>().GetAsync(task.TaskRunId))!.State is { Type: StateType.Completed, Message: "done" } state
                && state.StateDetails.ChildFlowRunId == childId,
            "the task run that follows"
        );

        (await app.TaskStatesAsync(task.TaskRunId)).ShouldEndWith("Completed");
    }
}
