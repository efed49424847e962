using Serverless.Storage.Telemetry;

namespace Serverless.Storage.Sqlite;

/// <summary>A commit on its way through the writer; its task ends when the commit is durable, in conflict or has failed.</summary>
internal sealed class PendingCommit(EncodedCommit encoded)
    : TaskCompletionSource<CommitResult>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    public EncodedCommit Encoded { get; } = encoded;

    /// <summary>When it was handed in, for <see cref="StoreMetrics"/>.</summary>
    public long Start { get; } = StoreMetrics.Start();

    /// <summary>What the caller gets once the group is durable.</summary>
    public CommitResult? Outcome { get; set; }
}
