using Microsoft.Extensions.Logging;

namespace Serverless.Functions.Hosting;

/// <summary>
/// The log of what is opened before the app's logging exists, which needs it. Until it is connected, warnings and errors go
/// to the error output, which the Functions host shows.
/// </summary>
internal sealed class RelayLogger : ILogger
{
    private volatile ILogger? _target;

    public void ConnectTo(ILogger target) => _target = target;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => _target?.BeginScope(state);

    public bool IsEnabled(LogLevel logLevel) => _target?.IsEnabled(logLevel) ?? logLevel >= LogLevel.Warning;

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter
    )
    {
        ArgumentNullException.ThrowIfNull(formatter);
        if (_target is { } target)
        {
            target.Log(logLevel, eventId, state, exception, formatter);
        }
        else if (IsEnabled(logLevel))
        {
            Console.Error.WriteLine($"{logLevel}: {formatter(state, exception)}{(exception is null ? null : $" ({exception.Message})")}");
        }
    }
}
