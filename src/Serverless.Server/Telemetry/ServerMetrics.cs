using System.Diagnostics.Metrics;
using Serverless.Storage.Telemetry;

namespace Serverless.Server.Telemetry;

/// <summary>The instruments of this assembly.</summary>
internal static class ServerMetrics
{
    private static readonly Meter Meter = new(ServerlessTelemetry.Name);

    // From a flow that says hello to one that takes a day.
    private static readonly InstrumentAdvice<double> Seconds = new()
    {
        HistogramBucketBoundaries =
        [
            0.001,
            0.0025,
            0.005,
            0.01,
            0.025,
            0.05,
            0.1,
            0.25,
            0.5,
            1,
            2.5,
            5,
            10,
            30,
            60,
            300,
            900,
            3600,
            14_400,
            86_400,
        ],
    };

    public static readonly Counter<long> FlowRunTransitions = Meter.CreateCounter<long>(
        "serverless.flow_runs.transitions",
        "{transition}",
        "States that flow runs entered."
    );

    public static readonly Histogram<double> FlowRunStartDelay = CreateDuration(
        "serverless.flow_runs.start_delay",
        "Time from the expected start of a flow run to its first Running."
    );

    public static readonly Histogram<double> FlowRunDuration = CreateDuration(
        "serverless.flow_runs.duration",
        "Time from the first Running of a flow run to its end, including waits and pauses."
    );

    public static readonly Counter<long> TaskRunTransitions = Meter.CreateCounter<long>(
        "serverless.task_runs.transitions",
        "{transition}",
        "States that task runs entered."
    );

    public static readonly Histogram<double> TaskRunDuration = CreateDuration(
        "serverless.task_runs.duration",
        "Time from the first Running of a task run to its end, including waits between attempts."
    );

    public static readonly Histogram<double> TaskAttemptDuration = CreateDuration(
        "serverless.task_attempts.duration",
        "Time that the code of a task took in one attempt."
    );

    public static readonly Histogram<double> OutboxDelay = CreateDuration(
        "serverless.outbox.delay",
        "Time from the write of an outbox entry to its dispatch."
    );

    public static readonly Gauge<double> OutboxOldest = Meter.CreateGauge<double>(
        "serverless.outbox.oldest",
        "s",
        "Age of the oldest outbox entry of 10 seconds or more that the last sweep found undispatched; 0 for none."
    );

    public static readonly Histogram<double> SlotWait = CreateDuration(
        "serverless.slots.wait",
        "Time that a run waited for a slot of a concurrency limit before it got one."
    );

    public static readonly Gauge<int> SlotsWaiting = Meter.CreateGauge<int>(
        "serverless.slots.waiting",
        "{run}",
        "Runs that the last sweep found waiting for slots, counted to 1000 for each limit."
    );

    private static Histogram<double> CreateDuration(string name, string description) =>
        Meter.CreateHistogram(name, "s", description, tags: null, Seconds);
}
