using System.Diagnostics;
using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Functions.Tests.Fixtures;
using Serverless.Server.Telemetry;

namespace Serverless.Functions.Tests.Telemetry;

/// <summary>One trace from the request that creates a run to the code of its tasks.</summary>
public sealed class TraceTests
{
    [Fact]
    public async Task Run_CreatedInATrace_IsOneTraceAcrossARestart()
    {
        await using var app = await EmbeddedApp.StartAsync();
        using SpanRecorder trace = new();
        var id = await app.RunAsync(async flow =>
            await flow.RunAsync((Work work) => work.Do(1)) + await flow.RunAsync((Work work) => work.HoldAsync(2))
        );
        trace.Request.Stop();
        await app.WhenExecutedAsync("hold");

        await app.RestartAsync(TimeSpan.FromMinutes(1));
        await app.WhenExecutedAsync("hold", times: 2);
        app.Probe.Open("hold");
        await app.WhenAsync(id, StateNames.Completed);
        await app.ShouldSettleAsync(id);

        var create = trace.One("create_orchestration:plain");
        create.ParentSpanId.ShouldBe(trace.Request.SpanId);
        create.Kind.ShouldBe(ActivityKind.Producer);
        trace.Named("outbox:start").ShouldNotBeEmpty();
        trace.Named("outbox:start").ShouldAllBe(span => span.ParentSpanId == create.SpanId);
        var flowRun = trace.One("orchestration:plain");
        flowRun.ParentSpanId.ShouldBe(create.SpanId);
        flowRun.GetTagItem("durabletask.task.instance_id").ShouldBe($"{id:N}-1");
        flowRun.GetTagItem("serverless.state.type").ShouldBe("COMPLETED");
        flowRun.Status.ShouldBe(ActivityStatusCode.Unset);

        // It began before the restart and ended after it, by the clock of the rows.
        var states = await app.Runs.GetStatesAsync(id);
        flowRun.StartTimeUtc.ShouldBe(states.Single(state => state.Type == StateType.Running).Timestamp.UtcDateTime);
        flowRun.Duration.ShouldBe(states[^1].Timestamp - states.Single(state => state.Type == StateType.Running).Timestamp);
        flowRun.Duration.ShouldBeGreaterThan(TimeSpan.FromSeconds(59));

        // One attempt ran before the restart, the other (again) after it: both name the same parent.
        trace.One("activity:do").ParentSpanId.ShouldBe(flowRun.SpanId);
        trace.Named("activity:hold").ShouldNotBeEmpty();
        trace.Named("activity:hold").ShouldAllBe(span => span.ParentSpanId == flowRun.SpanId);
    }

    [Fact]
    public async Task TaskCode_OfATracedRun_SeesItsAttemptAsTheCurrentActivity()
    {
        await using var app = await EmbeddedApp.StartAsync();
        using SpanRecorder trace = new();
        Activity? current = null;
        var isTaskCode = false;
        app.Probe.TaskBodies["look"] = _ =>
        {
            current = Activity.Current;
            using var call = new Activity("call").Start();
            isTaskCode = RunSpans.IsTaskCode(call);
            return 1;
        };
        var id = await app.RunFreeAsync(async flow => await flow.RunAsync((Work work) => work.Return("look")));
        await app.WhenAsync(id, StateNames.Completed);

        current.ShouldNotBeNull().OperationName.ShouldBe("activity:return");
        current.TraceId.ShouldBe(trace.Request.TraceId);
        current.GetTagItem("serverless.flow_run.id").ShouldBe(id);
        isTaskCode.ShouldBeTrue();
        RunSpans.IsTaskCode(trace.Request).ShouldBeFalse();
    }

    [Fact]
    public async Task Flow_Retried_HasASpanForEachAttempt()
    {
        await using var app = await EmbeddedApp.StartAsync();
        using SpanRecorder trace = new();
        var id = await app.RunAsync(
            async flow =>
                flow.Run.RunCount > 1
                    ? await flow.RunAsync((Work work) => work.Do(1))
                    : throw new InvalidOperationException("the first attempt fails"),
            Scripts.Retried
        );
        trace.Request.Stop();
        await app.DriveAsync(id);
        await app.ShouldSettleAsync(id);

        var attempts = trace.Named("orchestration:retried");
        attempts.Count.ShouldBe(2);
        attempts[0].Status.ShouldBe(ActivityStatusCode.Error);
        attempts[0].StatusDescription!.ShouldContain("the first attempt fails");
        attempts[0].GetTagItem("serverless.attempt").ShouldBe(1);
        attempts[1].Status.ShouldBe(ActivityStatusCode.Unset);
        attempts[1].GetTagItem("serverless.attempt").ShouldBe(2);
        attempts[1].SpanId.ShouldNotBe(attempts[0].SpanId);
        attempts[1].ParentSpanId.ShouldBe(attempts[0].ParentSpanId);
        trace.One("activity:do").ParentSpanId.ShouldBe(attempts[1].SpanId);
    }

    [Fact]
    public async Task Task_Failed_IsAnErrorOfItsAttemptWithTheReason()
    {
        await using var app = await EmbeddedApp.StartAsync();
        using SpanRecorder trace = new();
        var id = await app.RunAsync(flow => flow.RunAsync((Work work) => work.Fail(1)));
        trace.Request.Stop();
        await app.DriveAsync(id);

        var attempts = trace.Named("activity:fail");
        attempts.Select(attempt => attempt.Status).ShouldBe([ActivityStatusCode.Error, ActivityStatusCode.Unset]);
        attempts[0].StatusDescription!.ShouldContain("attempt 1 fails");
        attempts.Select(attempt => attempt.GetTagItem("serverless.attempt")).ShouldBe([1, 2]);
    }

    [Fact]
    public async Task Subflow_OfATracedRun_GoesUnderItsParent()
    {
        await using var app = await EmbeddedApp.StartAsync();
        using SpanRecorder trace = new();
        var id = await app.RunAsync(flow => flow.RunAsync(() => Scripts.Count(4)));
        trace.Request.Stop();
        await app.WhenAsync(id, StateNames.Completed);
        await app.ShouldSettleAsync(id);

        var parent = trace.One("orchestration:plain");
        var create = trace.One("create_orchestration:counted");
        create.ParentSpanId.ShouldBe(parent.SpanId);
        trace.One("orchestration:counted").ParentSpanId.ShouldBe(create.SpanId);
    }

    [Fact]
    public async Task Cancel_InAnotherTrace_IsDispatchedInThatOne()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var id = await app.RunAsync(flow => flow.RunAsync((Work work) => work.HoldAsync(1)));
        await app.WhenExecutedAsync("hold");
        using SpanRecorder trace = new();
        await app.Control.CancelAsync(id);
        trace.Request.Stop();
        var run = await app.WhenFinalAsync(id);
        await app.ShouldSettleAsync(id);

        run.StateType.ShouldBe(StateType.Cancelled);
        trace.Named("outbox:state-changed").ShouldNotBeEmpty();
        trace.Named("outbox:state-changed").ShouldAllBe(span => span.ParentSpanId == trace.Request.SpanId);
        trace.Named("orchestration:plain").ShouldBeEmpty();
    }
}
