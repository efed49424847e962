using System.Collections.Concurrent;
using System.Diagnostics;
using Serverless.Storage.Telemetry;

namespace Serverless.Functions.Tests.Telemetry;

/// <summary>Keeps the app's spans of one trace, which a request of the test's own begins. Other tests have other traces.</summary>
internal sealed class SpanRecorder : IDisposable
{
    private readonly ActivityListener _listener;
    private readonly ConcurrentQueue<Activity> _spans = new();

    public SpanRecorder()
    {
        Request = new Activity("request").SetIdFormat(ActivityIdFormat.W3C);
        Request.ActivityTraceFlags = ActivityTraceFlags.Recorded;
        Request.Start();
        var trace = Request.TraceId;
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == ServerlessTelemetry.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> options) =>
                options.TraceId == trace ? ActivitySamplingResult.AllDataAndRecorded : ActivitySamplingResult.None,
            ActivityStopped = _spans.Enqueue,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    /// <summary>What the test does until it is stopped is done by this request.</summary>
    public Activity Request { get; }

    /// <summary>The spans of the trace that have ended.</summary>
    public IReadOnlyList<Activity> Spans => [.. _spans.Where(span => span.TraceId == Request.TraceId)];

    public IReadOnlyList<Activity> Named(string name) => [.. Spans.Where(span => span.OperationName == name)];

    /// <summary>The only span of a name.</summary>
    public Activity One(string name) => Named(name).ShouldHaveSingleItem(string.Join(", ", Spans.Select(span => span.OperationName)));

    public void Dispose() => _listener.Dispose();
}
