using System.Diagnostics;
using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Server.Outbox;
using Serverless.Server.Runs;
using Serverless.Server.Telemetry;
using Serverless.Storage;

namespace Serverless.Server.Tests.Telemetry;

/// <summary>What of a trace is stored. In this project nobody listens to the app's spans.</summary>
public sealed class RunTraceTests
{
    private const string Trace = "trace";
    private const string Since = "trace-since";

    [Fact]
    public async Task Create_InATraceThatSomebodyRecords_StoresItsContext()
    {
        await using var server = await TestServer.StartAsync();
        using var request = Start(ActivityTraceFlags.Recorded);
        request.TraceStateString = "vendor=value";

        var run = await server.CreateRegisteredAsync();

        (await RowAsync(server, run)).Get<string>(Trace).ShouldBe($"{request.Id} vendor=value");
        (await server.OutboxAsync()).ShouldHaveSingleItem().Trace.ShouldBe($"{request.Id} vendor=value");
        var announced = server.Announcer.Entries.ShouldHaveSingleItem();
        OutboxEntry.FromMessage(announced.ToMessage()).Trace.ShouldBe(announced.Trace);
    }

    [Fact]
    public async Task Create_InATraceThatNobodyRecords_StoresNothing()
    {
        await using var server = await TestServer.StartAsync();
        using var request = Start(ActivityTraceFlags.None);

        var run = await server.CreateRegisteredAsync();

        (await RowAsync(server, run)).Get<string>(Trace).ShouldBeNull();
        (await server.OutboxAsync()).ShouldHaveSingleItem().Trace.ShouldBeNull();
        server.Announcer.Entries.ShouldHaveSingleItem().ToMessage().ShouldNotContain(Trace);
    }

    [Fact]
    public async Task Create_OfARemoteClientsRun_StoresNothing()
    {
        await using var server = await TestServer.StartAsync();
        using var request = Start(ActivityTraceFlags.Recorded);

        var run = await server.CreateRemoteAsync();

        (await RowAsync(server, run)).Get<string>(Trace).ShouldBeNull();
    }

    [Fact]
    public async Task Attempt_FromRunningToItsEnd_IsStoredAndNamesOneSpan()
    {
        await using var server = await TestServer.StartAsync();
        var request = Start(ActivityTraceFlags.Recorded);
        var run = await server.CreateRegisteredAsync();
        request.Stop();
        await server.Gate.ProposeFlowRunStateAsync(run.Id, ProposedStates.Running(), TransitionOrigin.Orchestrator);
        var running = (await server.Runs.GetAsync(run.Id))!.State!.Timestamp;

        var first = (await server.Gate.BeginTaskRunAsync(TestServer.StartOf(run.Id))).ShouldNotBeNull();
        var again = (await server.Gate.BeginTaskRunAsync(TestServer.StartOf(run.Id))).ShouldNotBeNull();
        var second = (await server.Gate.BeginTaskRunAsync(TestServer.StartOf(run.Id, 1))).ShouldNotBeNull();

        (await RowAsync(server, run)).Get<DateTimeOffset?>(Since).ShouldBe(running);
        first.Span.TraceId.ShouldBe(request.TraceId);
        first.Span.SpanId.ShouldNotBe(request.SpanId);
        first.Span.TraceFlags.ShouldBe(ActivityTraceFlags.Recorded);
        again.Span.ShouldBe(first.Span);
        second.Span.ShouldBe(first.Span);

        await server.Gate.ProposeFlowRunStateAsync(run.Id, ProposedStates.Completed(), TransitionOrigin.Orchestrator);
        var ended = await RowAsync(server, run);
        ended.Get<string>(Trace).ShouldBe(request.Id);
        ended.Get<DateTimeOffset?>(Since).ShouldBeNull();
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("00-00000000000000000000000000000000-0000000000000000-01")]
    public void Parse_NoContext_IsOfNoTrace(string? text) => TraceText.Parse(text).ShouldBe(default);

    [Fact]
    public void SpanOf_RunsAndAttempts_DiffersAndIsStable()
    {
        const string Parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        DateTimeOffset start = new(2026, 11, 26, 12, 0, 0, TimeSpan.Zero);
        Guid[] runs = [Guid.Parse("01a21999-dd9f-71d1-a107-4e00d9848c70"), Guid.Parse("01a21999-dd9f-71d1-a107-4e00d9848c71")];

        ActivitySpanId[] ids =
        [
            .. from run in runs
            from attempt in Enumerable.Range(0, 100)
            select new RunTrace(Parent, start.AddMicroseconds(attempt)).SpanOf(run).SpanId,
        ];

        ids.Distinct().Count().ShouldBe(200);
        new RunTrace(Parent, start).SpanOf(runs[0]).SpanId.ShouldBe(ids[0]);
        new RunTrace(Parent).SpanOf(runs[0]).SpanId.ToHexString().ShouldBe("00f067aa0ba902b7");
    }

    private static Activity Start(ActivityTraceFlags flags)
    {
        var request = new Activity("request").SetIdFormat(ActivityIdFormat.W3C);
        request.ActivityTraceFlags = flags;
        return request.Start();
    }

    private static async Task<RowProperties> RowAsync(TestServer server, FlowRun run) =>
        (await server.Store.GetAsync(RunKeys.FlowRun(run.Id))).ShouldNotBeNull().Properties;
}
