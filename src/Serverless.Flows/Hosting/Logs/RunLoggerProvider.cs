using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Serverless.Flows.Hosting;

/// <summary>
/// Brings what code inside a task logs through any <see cref="ILogger{TCategoryName}"/> into the run's log. Levels follow the
/// app's logging configuration, under the alias <c>Runs</c>.
/// </summary>
[ProviderAlias("Runs")]
public sealed class RunLoggerProvider : ILoggerProvider
{
    private readonly Lazy<IRunLogSink> _sink;
    private readonly TimeProvider _time;

    /// <summary>A provider for the app's logging.</summary>
    /// <param name="services">Has the <see cref="IRunLogSink"/>; asked at the first record only, since a sink may itself need
    /// loggers.</param>
    /// <param name="time">Gives the records' time.</param>
    public RunLoggerProvider(IServiceProvider services, TimeProvider time)
    {
        _sink = new Lazy<IRunLogSink>(services.GetRequiredService<IRunLogSink>);
        _time = time;
    }

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => new TaskLogger(this, categoryName);

    /// <inheritdoc/>
    public void Dispose() { }

    private sealed class TaskLogger(RunLoggerProvider provider, string category) : ILogger
    {
        /// <summary>Set while the sink works: what it logs itself must not come back to it.</summary>
        [ThreadStatic]
        private static bool _isWriting;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => TaskContext.CurrentOrNull is not null && !_isWriting && logLevel is not LogLevel.None;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        )
        {
            if (TaskContext.CurrentOrNull is not { } task || !IsEnabled(logLevel))
            {
                return;
            }

            _isWriting = true;
            try
            {
                provider._sink.Value.Write(
                    new RunLogEntry(
                        task.FlowRunId,
                        task.TaskRunId,
                        provider._time.GetUtcNow(),
                        RunLogger.LevelOf(logLevel),
                        category,
                        RunLogger.TextOf(state, exception, formatter)
                    )
                );
            }
            finally
            {
                _isWriting = false;
            }
        }
    }
}
