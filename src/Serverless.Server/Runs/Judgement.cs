using Serverless.Core.States;
using Serverless.Core.Transitions;
using Serverless.Server.Concurrency;
using Serverless.Storage;

namespace Serverless.Server.Runs;

/// <summary>What the rules made of a proposal.</summary>
/// <param name="Run">The run as it is to be stored.</param>
/// <param name="Written">The states to write, in order; empty when nothing changes.</param>
/// <param name="Answer">The answer to the last state that was judged.</param>
/// <param name="Lease">The slots that the run holds then; null for none.</param>
/// <param name="Limits">The limits by which it was judged.</param>
/// <param name="Derived">Rows of other partitions that follow from the states.</param>
internal sealed record Judgement<TRun>(
    TRun Run,
    IReadOnlyList<State> Written,
    GateAnswer Answer,
    SlotLease? Lease,
    IReadOnlyList<StoredLimit> Limits,
    IReadOnlyList<RowOperation> Derived
)
{
    /// <summary>True when older runs are cancelled so that a newer one which waits gets a slot.</summary>
    public bool CancelsOlder { get; init; }

    /// <summary>The result that comes with the state Cached, from the task run that it was stored for; null for none.</summary>
    public string? CachedResultJson { get; init; }
}
