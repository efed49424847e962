using Microsoft.DurableTask;

namespace Serverless.Functions.Tests.Fixtures;

/// <summary>An orchestration whose timers fire at once, with its clock so much before their time.</summary>
internal sealed class EarlyTimerContext(DateTimeOffset start, TimeSpan early) : TaskOrchestrationContext
{
    private DateTime _now = start.UtcDateTime;

    public int Timers { get; private set; }

    public override DateTime CurrentUtcDateTime => _now;

    public override TaskName Name => throw new NotSupportedException();

    public override string InstanceId => throw new NotSupportedException();

    public override ParentOrchestrationInstance? Parent => throw new NotSupportedException();

    public override bool IsReplaying => false;

    protected override Microsoft.Extensions.Logging.ILoggerFactory LoggerFactory => throw new NotSupportedException();

    public override Task CreateTimer(DateTime fireAt, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Timers++;
        var fired = fireAt - early;
        _now = fired > _now ? fired : _now;
        return Task.CompletedTask;
    }

    public override T GetInput<T>() => throw new NotSupportedException();

    public override Task<TResult> CallActivityAsync<TResult>(TaskName name, object? input = null, TaskOptions? options = null) =>
        throw new NotSupportedException();

    public override Task<T> WaitForExternalEvent<T>(string eventName, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public override void SendEvent(string instanceId, string eventName, object payload) => throw new NotSupportedException();

    public override void SetCustomStatus(object? customStatus) => throw new NotSupportedException();

    public override Task<TResult> CallSubOrchestratorAsync<TResult>(
        TaskName orchestratorName,
        object? input = null,
        TaskOptions? options = null
    ) => throw new NotSupportedException();

    public override void ContinueAsNew(object? newInput = null, bool preserveUnprocessedEvents = true) => throw new NotSupportedException();

    public override Guid NewGuid() => throw new NotSupportedException();
}
