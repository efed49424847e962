using System.Globalization;
using Microsoft.DurableTask;
using Microsoft.Extensions.Logging;
using Serverless.LocalRuntime.History;

namespace Serverless.LocalRuntime.Execution;

/// <summary>What an orchestrator works with when it runs here.</summary>
internal sealed class LocalOrchestrationContext(OrchestrationExecution execution, ILoggerFactory loggerFactory) : TaskOrchestrationContext
{
    /// <summary>
    /// The tag of an activity call that says what it is for, where many things are done by one activity. The history keeps it, and a replay
    /// compares it as it compares names.
    /// </summary>
    public const string CallTag = "call";

    /// <summary>The published limit of 16 KB of UTF-16 text.</summary>
    private const int MaxCustomStatusLength = 8 * 1024;

    private int _guids;

    public override TaskName Name => execution.Identity.Name;

    public override string InstanceId => execution.Identity.InstanceId;

    public override ParentOrchestrationInstance? Parent { get; } =
        execution.Identity.ParentId is { } id ? new ParentOrchestrationInstance(execution.Identity.ParentName!, id) : null;

    public override DateTime CurrentUtcDateTime => execution.Now.UtcDateTime;

    public override bool IsReplaying => execution.Replaying;

    public override string Version => execution.Identity.Version;

    protected override ILoggerFactory LoggerFactory => loggerFactory;

    public override T? GetInput<T>()
        where T : default => Payload.Deserialize<T>(execution.Converter, execution.Input);

    public override Task<TResult> CallActivityAsync<TResult>(TaskName name, object? input = null, TaskOptions? options = null) =>
        Call<TResult>(ActionKind.Activity, name, input, options);

    public override Task<TResult> CallSubOrchestratorAsync<TResult>(
        TaskName orchestratorName,
        object? input = null,
        TaskOptions? options = null
    ) => Call<TResult>(ActionKind.SubOrchestration, orchestratorName, input, options);

    public override Task CreateTimer(DateTime fireAt, CancellationToken cancellationToken)
    {
        execution.EnsureOnThread();
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled(cancellationToken);
        }

        var utc = fireAt.Kind == DateTimeKind.Local ? fireAt.ToUniversalTime() : DateTime.SpecifyKind(fireAt, DateTimeKind.Utc);
        return execution.StartTimer(new DateTimeOffset(utc), cancellationToken);
    }

    public override Task<T> WaitForExternalEvent<T>(string eventName, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(eventName);
        execution.EnsureOnThread();
        return execution.WaitForEvent<T>(eventName, cancellationToken);
    }

    public override void SendEvent(string instanceId, string eventName, object payload)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        ArgumentException.ThrowIfNullOrEmpty(eventName);
        execution.EnsureOnThread();
        execution.Send(instanceId, eventName, payload);
    }

    public override void SetCustomStatus(object? customStatus)
    {
        execution.EnsureOnThread();
        var status = execution.Converter.Serialize(customStatus);
        if (status?.Length > MaxCustomStatusLength)
        {
            throw new ArgumentException("A custom status may have at most 16 KB of UTF-16 text.", nameof(customStatus));
        }

        execution.CustomStatus = status;
    }

    public override void ContinueAsNew(object? newInput = null, bool preserveUnprocessedEvents = true) =>
        ContinueAsNew(new ContinueAsNewOptions { NewInput = newInput, PreserveUnprocessedEvents = preserveUnprocessedEvents });

    public override void ContinueAsNew(ContinueAsNewOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        execution.EnsureOnThread();
        execution.ContinueAsNew(options);
    }

    public override Guid NewGuid()
    {
        execution.EnsureOnThread();
        return DeterministicGuid.Create(
            string.Create(CultureInfo.InvariantCulture, $"{InstanceId}_{execution.Identity.ExecutionId}_{CurrentUtcDateTime:o}_{_guids++}")
        );
    }

    private Task<TResult> Call<TResult>(ActionKind kind, TaskName name, object? input, TaskOptions? options)
    {
        ArgumentException.ThrowIfNullOrEmpty(name.Name, nameof(name));
        if (kind == ActionKind.Activity && input is TaskOptions && options is null)
        {
            throw new ArgumentException("The options of the call were passed as its input.", nameof(input));
        }

        execution.EnsureOnThread();
        var childId = (options as SubOrchestrationOptions)?.InstanceId;

        // An activity has its orchestration's version if none is given, a sub-orchestration none.
        var version = options?.Version?.Version ?? (kind == ActionKind.Activity ? Version : string.Empty);
        return options?.Retry is { } retry ? RetryLoop.RunAsync(this, kind, retry, Attempt) : Attempt();

        Task<TResult> Attempt() => execution.Call<TResult>(kind, name.Name, input, childId, version, options?.Tags);
    }
}
