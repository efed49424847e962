using Serverless.LocalRuntime.History;

namespace Serverless.LocalRuntime.Execution;

/// <summary>A step that an orchestrator took and that the runtime carries out once the turn is durable.</summary>
internal sealed record OrchestrationAction(ActionKind Kind, int Id, string Name)
{
    public string? Input { get; init; }

    /// <summary>The sub-orchestration's id, or the id that an event is sent to.</summary>
    public string? InstanceId { get; init; }

    /// <summary>The sub-orchestration's id when the orchestrator chose it.</summary>
    public bool HasOwnId { get; init; }

    public string Version { get; init; } = string.Empty;

    /// <summary>Of a timer: when it is due.</summary>
    public DateTimeOffset? FireAt { get; init; }

    /// <summary>The tags of a sub-orchestration.</summary>
    public IReadOnlyDictionary<string, string>? Tags { get; init; }

    /// <summary>What an activity is called for, beside its name: the tag <see cref="LocalOrchestrationContext.CallTag"/>.</summary>
    public string? CallTag { get; init; }
}
