using Serverless.Storage.Telemetry;

namespace Serverless.Storage.Sqlite;

/// <summary>
/// A commit on its way through the writer; its task ends when the commit is durable (a deferred one: when it is in the log), in conflict or
/// has failed.
/// </summary>
internal sealed class PendingCommit(EncodedCommit encoded, bool isDeferred)
    : TaskCompletionSource<CommitResult>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    public EncodedCommit Encoded { get; } = encoded;

    /// <summary>When it was handed in, for <see cref="StoreMetrics"/>.</summary>
    public long Start { get; } = StoreMetrics.Start();

    /// <summary>Whether the caller waits for the disk later; see <see cref="DeferredCommits"/>.</summary>
    public bool IsDeferred { get; } = isDeferred;

    /// <summary>What the caller gets.</summary>
    public CommitResult? Outcome { get; set; }
}
