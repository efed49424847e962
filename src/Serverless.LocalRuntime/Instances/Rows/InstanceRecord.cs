using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Serverless.LocalRuntime.Execution;
using Serverless.LocalRuntime.History;

namespace Serverless.LocalRuntime.Instances;

/// <summary>The row of an instance: everything that is known of it without its history.</summary>
internal sealed record InstanceRecord
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    public required OrchestrationRuntimeStatus Status { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Tells instances apart that had the same id one after the other.</summary>
    public required Guid Incarnation { get; init; }

    /// <summary>Counts up with every continue-as-new and every reuse of the id; part of the history's keys.</summary>
    public required int Execution { get; init; }

    /// <summary>The lowest execution of which history rows may be left.</summary>
    public int FirstExecution { get; init; }

    /// <summary>The history rows of this execution.</summary>
    public int Rows { get; init; }

    /// <summary>The turns of this execution.</summary>
    public int Turns { get; init; }

    /// <summary>The events of this execution.</summary>
    public int Events { get; init; }

    public ParentLink? Parent { get; init; }

    /// <summary>The instance at the top of the tree; activities share the workers fairly among these.</summary>
    public required string RootId { get; init; }

    /// <summary>When the next durable timer is due.</summary>
    public DateTimeOffset? WakeAt { get; init; }

    /// <summary>True when the instance has to be loaded after a restart, because something in memory drives it on.</summary>
    public bool PendingWork { get; init; }

    /// <summary>The turn whose sent events are not known to have arrived; null for none.</summary>
    public int? UnsentTurn { get; init; }

    public string? CustomStatus { get; init; }

    public string Version { get; init; } = string.Empty;

    public IReadOnlyDictionary<string, string>? Tags { get; init; }

    public string? Output { get; init; }

    public Failure? Failure { get; init; }

    public bool IsFinal => IsFinalStatus(Status);

    public string ExecutionId => $"{Incarnation:N}{Execution:x}";

    public ExecutionIdentity Identity => new(Id, ExecutionId, Name, Version, Parent?.Name, Parent?.InstanceId);

    public static bool IsFinalStatus(OrchestrationRuntimeStatus status) =>
        status is OrchestrationRuntimeStatus.Completed or OrchestrationRuntimeStatus.Failed or OrchestrationRuntimeStatus.Terminated;

    /// <summary>A new instance.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="start">What starts it.</param>
    /// <param name="replaced">The ended instance that had the id before; null for none.</param>
    /// <param name="now">The time.</param>
    public static InstanceRecord Of(string id, InstanceMessage.Start start, InstanceRecord? replaced, DateTimeOffset now) =>
        new()
        {
            Id = id,
            Name = start.Name,
            Status = OrchestrationRuntimeStatus.Pending,
            CreatedAt = now,
            UpdatedAt = now,
            Incarnation = Guid.CreateVersion7(now),
            Execution = replaced is null ? 0 : replaced.Execution + 1,
            FirstExecution = replaced?.FirstExecution ?? 0,
            Parent = start.Parent,
            RootId = start.RootId ?? id,
            Version = start.Version,
            Tags = start.Tags,
        };

    /// <summary>The same instance, failed.</summary>
    public InstanceRecord Failed(Failure failure, DateTimeOffset now) =>
        this with
        {
            Status = OrchestrationRuntimeStatus.Failed,
            Failure = failure,
            Output = null,
            UpdatedAt = now,
            WakeAt = null,
            PendingWork = false,
            UnsentTurn = null,
        };

    /// <summary>What a client sees of the instance: as the Functions host has it, failures are among the outputs.</summary>
    /// <param name="input">The input, when it was asked for.</param>
    /// <param name="converter">The converter when inputs and outputs were asked for; otherwise null.</param>
    public OrchestrationMetadata ToMetadata(string? input, DataConverter? converter)
    {
        OrchestrationMetadata metadata = new(Name, Id)
        {
            RuntimeStatus = Status,
            CreatedAt = CreatedAt,
            LastUpdatedAt = UpdatedAt,
            FailureDetails = converter is null ? null : Failure?.ToDetails(),
            DataConverter = converter,
            SerializedInput = converter is null ? null : input,
            SerializedOutput = converter is null ? null : Failure?.Message ?? Output,
            SerializedCustomStatus = converter is null ? null : CustomStatus,
            Tags = Tags ?? new Dictionary<string, string>(),
        };
        return metadata;
    }
}
