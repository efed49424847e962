using System.Diagnostics.Metrics;
using Serverless.LocalRuntime.Activities;
using Serverless.Storage.Telemetry;

namespace Serverless.LocalRuntime.Telemetry;

/// <summary>How much a runtime has in hand. Looked up when somebody asks.</summary>
internal sealed class RuntimeMetrics : IDisposable
{
    private const string ActivityAttribute = "serverless.activity.name";

    // Of this runtime alone: with it, its instruments go.
    private readonly Meter _meter = new(ServerlessTelemetry.Name);

    /// <summary>Begins to tell.</summary>
    /// <param name="instances">How many instances are in memory.</param>
    /// <param name="activities">The queues of the activity functions, by their names.</param>
    public RuntimeMetrics(Func<int> instances, IEnumerable<KeyValuePair<string, ActivityQueue>> activities)
    {
        _meter.CreateObservableUpDownCounter(
            "serverless.orchestrations.in_memory",
            instances,
            "{orchestration}",
            "Orchestrations in memory; the embedded runtime only."
        );
        _meter.CreateObservableUpDownCounter(
            "serverless.activities.running",
            () => Measure(activities, queue => queue.Running),
            "{activity}",
            "Running activities; the embedded runtime only."
        );
        _meter.CreateObservableUpDownCounter(
            "serverless.activities.queued",
            () => Measure(activities, queue => queue.Waiting),
            "{activity}",
            "Activities that wait because their function has reached its limit of running activities; the embedded runtime only."
        );
    }

    public void Dispose() => _meter.Dispose();

    private static IEnumerable<Measurement<int>> Measure(
        IEnumerable<KeyValuePair<string, ActivityQueue>> activities,
        Func<ActivityQueue, int> value
    ) =>
        activities.Select(activity => new Measurement<int>(
            value(activity.Value),
            new KeyValuePair<string, object?>(ActivityAttribute, activity.Key)
        ));
}
