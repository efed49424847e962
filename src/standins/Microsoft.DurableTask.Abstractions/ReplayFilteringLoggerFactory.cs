using Microsoft.Extensions.Logging;

namespace Microsoft.DurableTask;

/// <summary>Hands out loggers that are silent while their orchestrator is replayed.</summary>
internal sealed class ReplayFilteringLoggerFactory(TaskOrchestrationContext context) : ILoggerFactory
{
    public TaskOrchestrationContext Context => context;

    public ILogger CreateLogger(string categoryName) => context.CreateReplaySafeLogger(categoryName);

    public void AddProvider(ILoggerProvider provider) =>
        throw new NotSupportedException("A replay-safe logger factory takes no providers.");

    public void Dispose()
    {
    }
}
