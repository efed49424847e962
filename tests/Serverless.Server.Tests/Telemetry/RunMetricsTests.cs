using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Server.Deployments;
using Serverless.Server.Flows;
using Serverless.Server.Runs;

namespace Serverless.Server.Tests.Telemetry;

public sealed class RunMetricsTests
{
    private const string FlowName = "serverless.flow.name";
    private const string StateType = "serverless.state.type";

    [Fact]
    public async Task Transitions_OfARunAndItsTask_AreCountedWithTheirTimes()
    {
        await using var server = await TestServer.StartAsync();
        var name = "measured-" + Path.GetRandomFileName();
        var deployment = await server
            .Get<DeploymentService>()
            .EnsureDeploymentAsync(new DeploymentSpec { FlowName = name, ParameterSchemaJson = "{}" });
        server.Get<RegisteredFlows>().Add(new RegisteredFlow(deployment.FlowId, name, FlowRunPolicy.Empty));
        using Measurements measured = new(FlowName, name);

        var id = (await server.Runs.CreateFromDeploymentAsync(deployment.Id, new DeploymentFlowRunCreate()))!.Run.Id;
        server.Time.Advance(TimeSpan.FromSeconds(2));
        await server.Gate.ProposeFlowRunStateAsync(id, ProposedStates.Pending(), TransitionOrigin.Orchestrator);
        await server.Gate.ProposeFlowRunStateAsync(id, ProposedStates.Running(), TransitionOrigin.Orchestrator);
        var started = (await server.Gate.BeginTaskRunAsync(TestServer.StartOf(id))).ShouldNotBeNull();
        server.Time.Advance(TimeSpan.FromSeconds(3));
        await server.Gate.EndTaskRunAsync(started, ProposedStates.Failed("no luck"));
        server.Time.Advance(TimeSpan.FromSeconds(4));
        await server.Gate.ProposeFlowRunStateAsync(id, ProposedStates.Completed(), TransitionOrigin.Orchestrator);

        measured
            .Of("serverless.flow_runs.transitions", StateType)
            .ShouldBe([("SCHEDULED", 1), ("PENDING", 1), ("RUNNING", 1), ("COMPLETED", 1)]);
        measured.Of("serverless.task_runs.transitions", StateType).ShouldBe([("PENDING", 1), ("RUNNING", 1), ("FAILED", 1)]);
        measured.Of("serverless.flow_runs.start_delay", FlowName).ShouldHaveSingleItem().Value.ShouldBe(2, 0.001);
        measured
            .Of("serverless.flow_runs.duration", StateType)
            .ShouldHaveSingleItem()
            .ShouldSatisfyAllConditions(each => each.Attribute.ShouldBe("COMPLETED"), each => each.Value.ShouldBe(7, 0.001));
        measured
            .Of("serverless.task_runs.duration", StateType)
            .ShouldHaveSingleItem()
            .ShouldSatisfyAllConditions(each => each.Attribute.ShouldBe("FAILED"), each => each.Value.ShouldBe(3, 0.001));
    }

    [Fact]
    public async Task Transitions_RefusedOrRepeated_AreNotCounted()
    {
        await using var server = await TestServer.StartAsync();
        var name = "measured-" + Path.GetRandomFileName();
        var deployment = await server
            .Get<DeploymentService>()
            .EnsureDeploymentAsync(new DeploymentSpec { FlowName = name, ParameterSchemaJson = "{}" });
        server.Get<RegisteredFlows>().Add(new RegisteredFlow(deployment.FlowId, name, FlowRunPolicy.Empty));
        DeploymentFlowRunCreate request = new() { IdempotencyKey = "once" };
        using Measurements measured = new(FlowName, name);

        var id = (await server.Runs.CreateFromDeploymentAsync(deployment.Id, request))!.Run.Id;
        (await server.Runs.CreateFromDeploymentAsync(deployment.Id, request))!.Run.Id.ShouldBe(id);
        await server.Gate.ProposeFlowRunStateAsync(id, ProposedStates.Running(), TransitionOrigin.Orchestrator);
        var refused = await server.Gate.ProposeFlowRunStateAsync(id, ProposedStates.Pending(), TransitionOrigin.Client);

        measured.Of("serverless.flow_runs.transitions", StateType).ShouldBe([("SCHEDULED", 1), ("RUNNING", 1)]);
        refused!.Status.ShouldBe(SetStateStatus.Abort);
    }

    [Fact]
    public async Task Transitions_OfARemoteClientsFlow_DoNotHaveItsName()
    {
        await using var server = await TestServer.StartAsync();
        var name = "made-up-" + Path.GetRandomFileName();
        var flow = (await server.Get<FlowService>().CreateAsync(new FlowCreate { Name = name })).Flow;
        using Measurements named = new(FlowName, name);
        using Measurements others = new(FlowName, "_OTHER");

        await server.Runs.CreateAsync(new FlowRunCreate { FlowId = flow.Id });

        named.Of("serverless.flow_runs.transitions", StateType).ShouldBeEmpty();
        others.Of("serverless.flow_runs.transitions", StateType).ShouldContain(("PENDING", 1));
    }
}
