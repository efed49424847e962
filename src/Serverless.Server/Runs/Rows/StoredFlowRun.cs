using Serverless.Core.Models;
using Serverless.Core.Transitions;
using Serverless.Server.Concurrency;
using Serverless.Server.Telemetry;
using Serverless.Storage;

namespace Serverless.Server.Runs;

/// <summary>A flow run as its row holds it.</summary>
/// <param name="Run">The run.</param>
/// <param name="Generation">How many orchestrations the run has had; 0 for a run that belongs to a remote client.</param>
/// <param name="Registered">Whether it is a run of this app.</param>
/// <param name="ParentFlowRunId">For a subflow: the flow run of its parent task run, if that was known when it was created.</param>
/// <param name="TellsParent">Whether the task run that stands for it in its parent follows its states; false when the orchestration of the
/// parent sees to that.</param>
/// <param name="Lease">The slot of its deployment's limit that the run holds; null for none.</param>
/// <param name="ETag">The row's version.</param>
/// <param name="History">Its past states and its result.</param>
internal sealed record StoredFlowRun(
    FlowRun Run,
    int Generation,
    bool Registered,
    Guid? ParentFlowRunId,
    bool TellsParent,
    SlotLease? Lease,
    string ETag,
    RunHistory History
)
{
    private const string GenerationProperty = "generation";
    private const string RegisteredProperty = "registered";
    private const string ParentProperty = "parent";
    private const string TellsParentProperty = "tells-parent";
    private const string DeletedProperty = "deleted";
    private const string FlowProperty = "flow";
    private const string KeyProperty = "key";
    private const string AskedAgainProperty = "again";
    private const string PurgedProperty = "purged";
    private const string EditionProperty = "edition";
    private const string AwaitsInputProperty = "awaits-input";

    /// <summary>Reads a row; null for the tombstone of a deleted run.</summary>
    public static StoredFlowRun? From(Row row) =>
        IsTombstone(row)
            ? null
            : new StoredFlowRun(
                RowDocs.Read<FlowRun>(row),
                row.Properties.Get<int>(GenerationProperty),
                row.Properties.Get<bool>(RegisteredProperty),
                row.Properties.Get<Guid?>(ParentProperty),
                row.Properties.Get<bool>(TellsParentProperty),
                SlotLeaseText.Read(row),
                row.ETag,
                RunHistory.From(row)
            )
            {
                Trace = RunTrace.Read(row.Properties),
                Edition = row.Properties.Get<int>(EditionProperty),
                AwaitsInput = row.Properties.Get<bool>(AwaitsInputProperty),
            };

    /// <summary>The trace that the run is part of; null for none.</summary>
    public RunTrace? Trace { get; init; }

    /// <summary>How often what lists tell of it has changed without a new state. Counted only where index rows make the lists.</summary>
    public int Edition { get; init; }

    /// <summary>
    /// Whether its orchestration is told of inputs: since it has asked for one. Whoever writes an input requires the row as it was, so none
    /// is written in the belief that nobody waits for it.
    /// </summary>
    public bool AwaitsInput { get; init; }

    /// <summary>What its row holds.</summary>
    public RowProperties Properties()
    {
        RowProperties properties = new()
        {
            { RowDocs.Property, Core.Json.StoredJson.Serialize(Run) },
            { GenerationProperty, Generation },
            { RegisteredProperty, Registered },
            { ParentProperty, ParentFlowRunId },
            { TellsParentProperty, TellsParent ? true : null },
            { SlotLeaseText.Property, SlotLeaseText.Format(Lease) },
            { EditionProperty, Edition == 0 ? null : Edition },
            { AwaitsInputProperty, AwaitsInput ? true : null },
        };
        History.AddTo(properties);
        RunTrace.Add(properties, Trace);
        return properties;
    }

    /// <summary>What stays of a deleted run until all it left is purged, so that nothing is added to it meanwhile.</summary>
    public RowProperties Tombstone() =>
        new()
        {
            { DeletedProperty, true },
            { FlowProperty, Run.IdempotencyKey is null ? null : Run.FlowId },
            { KeyProperty, Run.IdempotencyKey },
            { AskedAgainProperty, Run.IdempotencyKey is not null || ParentFlowRunId is not null ? true : null },
        };

    /// <summary>What stays of a purged run whose id somebody may be about to create again.</summary>
    public static RowProperties PurgedTombstone() => new() { { DeletedProperty, true }, { PurgedProperty, true } };

    /// <summary>
    /// True for the tombstone of a run whose id follows from what was asked for: an idempotency key, or the call of a subflow.
    /// </summary>
    public static bool IsAskedAgain(Row tombstone) => tombstone.Properties.Get<bool>(AskedAgainProperty);

    /// <summary>True for a tombstone that is all that is left of its run.</summary>
    public static bool IsPurged(Row tombstone) => tombstone.Properties.Get<bool>(PurgedProperty);

    /// <summary>The idempotency key that a tombstone's run was created with; null when it had none.</summary>
    public static (Guid FlowId, string Key)? KeyOf(Row tombstone) =>
        tombstone.Properties.Get<string>(KeyProperty) is { } key ? (tombstone.Properties.Get<Guid>(FlowProperty), key) : null;

    public static bool IsTombstone(Row row) => row.Properties.Get<bool>(DeletedProperty);
}
