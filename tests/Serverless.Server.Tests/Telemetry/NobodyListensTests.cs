using System.Diagnostics;
using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Server.Flows;
using Serverless.Server.Outbox;
using Serverless.Server.Runs;
using Serverless.Server.Runs.Writing;
using Serverless.Server.Telemetry;

namespace Serverless.Server.Tests.Telemetry;

/// <summary>Runs alone: other tests listen.</summary>
[Collection(nameof(NobodyListensTests))]
[CollectionDefinition(nameof(NobodyListensTests), DisableParallelization = true)]
public sealed class NobodyListensTests
{
    [Fact]
    public async Task AnyHook_NobodyListens_AllocatesNothing()
    {
        await using var server = await TestServer.StartAsync();
        var run = await server.CreateRunningAsync();
        var started = (await server.Gate.BeginTaskRunAsync(TestServer.StartOf(run.Id))).ShouldNotBeNull();
        var entry = (await server.OutboxAsync())[0];
        var stored = StoredFlowRun.From((await server.Store.GetAsync(RunKeys.FlowRun(run.Id)))!)!;
        RunTelemetry telemetry = new(server.Get<RegisteredFlows>());
        var ended = ProposedStates.Completed();
        FlowRunChange flowRunChange = new()
        {
            Before = stored,
            After = stored,
            Written = [run.State!],
        };
        TaskRunChange taskRunChange = new()
        {
            Before = started.Attempt,
            After = started.Attempt!,
            Written = [started.TaskRun!.State!],
        };

        // As ASP.NET Core makes one for each request, whether somebody listens or not.
        using var request = new Activity("request").SetIdFormat(ActivityIdFormat.W3C).Start();

        var made = false;
        var now = server.Time.GetUtcNow();
        void Hooks()
        {
            telemetry.Written(flowRunChange);
            telemetry.Written(taskRunChange);
            made |= TraceText.OfCurrent() is not null;
            made |= RunSpans.StartCreate("hello", run.Id, default) is not null;
            made |= RunSpans.StartDispatch(entry) is not null;
            made |= RunSpans.StartTaskAttempt(started, "task") is not null;
            RunSpans.End(null, ended);
            OutboxTelemetry.Dispatched(entry, now);
            OutboxTelemetry.Swept(entry, now);
            TaskAttemptTelemetry.Ended("task", ended, TimeSpan.FromSeconds(1));
        }

        Hooks();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            Hooks();
        }

        made.ShouldBeFalse();
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }
}
