using Microsoft.DurableTask;
using Microsoft.Extensions.Logging;

namespace Serverless.Functions.Engine;

/// <summary>A flow run's log that is silent while the orchestration replays what it has logged before.</summary>
internal sealed class ReplaySafeRunLogger(TaskOrchestrationContext context, ILogger log) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => log.BeginScope(state);

    public bool IsEnabled(LogLevel logLevel) => !context.IsReplaying && log.IsEnabled(logLevel);

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter
    )
    {
        if (!context.IsReplaying)
        {
            log.Log(logLevel, eventId, state, exception, formatter);
        }
    }
}
