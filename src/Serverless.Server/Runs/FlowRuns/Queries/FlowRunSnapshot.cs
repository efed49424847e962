using Serverless.Core.Models;

namespace Serverless.Server.Runs;

/// <summary>A flow run as it was read or written last. What is proposed on it is judged without reading the run again.</summary>
public sealed class FlowRunSnapshot
{
    internal FlowRunSnapshot(StoredFlowRun stored) => Stored = stored;

    /// <summary>The run.</summary>
    public FlowRun Run => Stored.Run;

    /// <summary>Which orchestration drives it: 0 for a run that belongs to a remote client.</summary>
    public int Generation => Stored.Generation;

    /// <summary>The flow run that this one is a subflow of; null for none.</summary>
    public Guid? ParentFlowRunId => Stored.ParentFlowRunId;

    internal StoredFlowRun Stored { get; }

    /// <summary>True when the run, as it was read, is what a proposal rests on.</summary>
    public bool Is(FlowRunBasis basis)
    {
        ArgumentNullException.ThrowIfNull(basis);
        return basis.Holds(Stored);
    }
}
