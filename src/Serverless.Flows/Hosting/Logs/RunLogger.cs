using Microsoft.Extensions.Logging;
using Serverless.Core.Text;

namespace Serverless.Flows.Hosting;

/// <summary>Logs into one run's log.</summary>
public sealed class RunLogger : ILogger
{
    private readonly IRunLogSink _sink;
    private readonly TimeProvider _time;
    private readonly string _name;
    private readonly Guid _flowRunId;
    private readonly Guid? _taskRunId;
    private readonly LogLevel _minimum;

    private RunLogger(IRunLogSink sink, TimeProvider time, string name, Guid flowRunId, Guid? taskRunId, LogLevel minimum)
    {
        ArgumentNullException.ThrowIfNull(sink);
        ArgumentNullException.ThrowIfNull(time);
        (_sink, _time, _name, _flowRunId, _taskRunId, _minimum) = (sink, time, name, flowRunId, taskRunId, minimum);
    }

    /// <summary>The log of a flow run, under Prefect's logger name.</summary>
    /// <param name="sink">Takes the records.</param>
    /// <param name="time">Gives their time.</param>
    /// <param name="flowRunId">The run.</param>
    /// <param name="minimum">Records below this level are dropped.</param>
    /// <returns>The log.</returns>
    public static RunLogger ForFlowRun(IRunLogSink sink, TimeProvider time, Guid flowRunId, LogLevel minimum = LogLevel.Information) =>
        new(sink, time, "prefect.flow_runs", flowRunId, taskRunId: null, minimum);

    /// <summary>The log of a task run, under Prefect's logger name.</summary>
    /// <param name="sink">Takes the records.</param>
    /// <param name="time">Gives their time.</param>
    /// <param name="flowRunId">The flow run.</param>
    /// <param name="taskRunId">The task run.</param>
    /// <param name="minimum">Records below this level are dropped.</param>
    /// <returns>The log.</returns>
    public static RunLogger ForTaskRun(
        IRunLogSink sink,
        TimeProvider time,
        Guid flowRunId,
        Guid taskRunId,
        LogLevel minimum = LogLevel.Information
    ) => new(sink, time, "prefect.task_runs", flowRunId, taskRunId, minimum);

    /// <inheritdoc/>
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    /// <inheritdoc/>
    public bool IsEnabled(LogLevel logLevel) => logLevel >= _minimum && logLevel is not LogLevel.None;

    /// <inheritdoc/>
    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter
    )
    {
        ArgumentNullException.ThrowIfNull(formatter);
        if (IsEnabled(logLevel))
        {
            _sink.Write(
                new RunLogEntry(_flowRunId, _taskRunId, _time.GetUtcNow(), LevelOf(logLevel), _name, TextOf(state, exception, formatter))
            );
        }
    }

    internal static int LevelOf(LogLevel level) =>
        level switch
        {
            LogLevel.Trace or LogLevel.Debug => 10,
            LogLevel.Information => 20,
            LogLevel.Warning => 30,
            LogLevel.Error => 40,
            _ => 50,
        };

    /// <summary>
    /// A record's text. What is logged are authors' objects: one that cannot be written must not end its run, nor make a replay, which does
    /// not log again, take another way.
    /// </summary>
    internal static string TextOf<TState>(TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        string message;
        try
        {
            message = formatter(state, exception);
        }
#pragma warning disable CA1031 // Whatever an author's object throws, the line says so in the place of its text.
        catch (Exception unreadable)
#pragma warning restore CA1031
        {
            message = $"(the text of this log entry cannot be formatted: {ExceptionText.Brief(unreadable)})";
        }

        return exception is null ? message : $"{message}{Environment.NewLine}{ExceptionText.Whole(exception)}";
    }
}
