using Serverless.Core.Models;
using Serverless.Core.Transitions;
using Serverless.Server.Concurrency;
using Serverless.Storage;

namespace Serverless.Server.Runs;

/// <summary>A flow run as its row holds it.</summary>
/// <param name="Run">The run.</param>
/// <param name="Generation">How many orchestrations the run has had; 0 for a run that belongs to a remote client.</param>
/// <param name="Registered">Whether the run is executed here.</param>
/// <param name="ParentFlowRunId">For a subflow: the flow run of its parent task run, if that was known when it was created.</param>
/// <param name="TellsParent">Whether the task run that stands for it in its parent follows its states; false when the orchestration of the parent sees to that.</param>
/// <param name="Lease">The slot of its deployment's limit that the run holds; null for none.</param>
/// <param name="ETag">The row's version.</param>
internal sealed record StoredFlowRun(FlowRun Run, int Generation, bool Registered, Guid? ParentFlowRunId, bool TellsParent, SlotLease? Lease, string ETag)
{
    private const string GenerationProperty = "generation";
    private const string RegisteredProperty = "registered";
    private const string ParentProperty = "parent";
    private const string TellsParentProperty = "tells-parent";
    private const string DeletedProperty = "deleted";
    private const string FlowProperty = "flow";
    private const string KeyProperty = "key";

    /// <summary>Reads a row; null for the tombstone of a deleted run.</summary>
    public static StoredFlowRun? From(Row row) => IsTombstone(row)
        ? null
        : new StoredFlowRun(
            RowDocs.Read<FlowRun>(row),
            row.Properties.Get<int>(GenerationProperty),
            row.Properties.Get<bool>(RegisteredProperty),
            row.Properties.Get<Guid?>(ParentProperty),
            row.Properties.Get<bool>(TellsParentProperty),
            SlotLeaseText.Read(row),
            row.ETag);

    public static RowProperties Properties(
        FlowRun run, int generation, bool registered, Guid? parentFlowRunId, bool tellsParent, SlotLease? lease) => new()
    {
        { RowDocs.Property, Core.Json.StoredJson.Serialize(run) },
        { GenerationProperty, generation },
        { RegisteredProperty, registered },
        { ParentProperty, parentFlowRunId },
        { TellsParentProperty, tellsParent ? true : null },
        { SlotLeaseText.Property, SlotLeaseText.Format(lease) },
    };

    /// <summary>What stays of a deleted run until all it left is purged, so that nothing is added to it meanwhile.</summary>
    public static RowProperties Tombstone(FlowRun run) => new()
    {
        { DeletedProperty, true },
        { FlowProperty, run.IdempotencyKey is null ? null : run.FlowId },
        { KeyProperty, run.IdempotencyKey },
    };

    /// <summary>The idempotency key that a tombstone's run was created with; null when it had none.</summary>
    public static (Guid FlowId, string Key)? KeyOf(Row tombstone) =>
        tombstone.Properties.Get<string>(KeyProperty) is { } key ? (tombstone.Properties.Get<Guid>(FlowProperty), key) : null;

    public static bool IsTombstone(Row row) => row.Properties.Get<bool>(DeletedProperty);
}
