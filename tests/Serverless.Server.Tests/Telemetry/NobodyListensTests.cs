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
        await using TestServer server = await TestServer.StartAsync();
        FlowRun run = await server.CreateRunningAsync();
        TaskRunStarted started = (await server.Gate.BeginTaskRunAsync(TestServer.StartOf(run.Id))).ShouldNotBeNull();
        OutboxEntry entry = (await server.OutboxAsync())[0];
        StoredFlowRun stored = StoredFlowRun.From((await server.Store.GetAsync(RunKeys.FlowRun(run.Id)))!)!;
        RunTelemetry telemetry = new(server.Get<RegisteredFlows>());
        ProposedState ended = ProposedStates.Completed();
        FlowRunChange flowRunChange = new() { Before = stored, After = stored, Written = [run.State!] };
        TaskRunChange taskRunChange = new() { Before = started.Attempt, After = started.Attempt!, Written = [started.TaskRun!.State!] };

        // As ASP.NET Core makes one for each request, whether somebody listens or not.
        using Activity request = new Activity("request").SetIdFormat(ActivityIdFormat.W3C).Start();

        bool made = false;
        DateTimeOffset now = server.Time.GetUtcNow();
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
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
        {
            Hooks();
        }

        made.ShouldBeFalse();
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }
}
