using Serverless.Core.States;

namespace Serverless.Server.Telemetry;

/// <summary>Tells how long the code of tasks takes.</summary>
public static class TaskAttemptTelemetry
{
    /// <summary>The code of a task has come to an end.</summary>
    /// <param name="taskName">The name of a task of this app.</param>
    /// <param name="ended">The state that is proposed for it.</param>
    /// <param name="took">How long it took.</param>
    public static void Ended(string taskName, ProposedState ended, TimeSpan took)
    {
        ArgumentNullException.ThrowIfNull(ended);
        ServerMetrics.TaskAttemptDuration.Record(
            took.TotalSeconds,
            new KeyValuePair<string, object?>(TelemetryAttributes.TaskName, taskName),
            new KeyValuePair<string, object?>(TelemetryAttributes.StateType, StateTypeNames.Of(ended.Type))
        );
    }
}
