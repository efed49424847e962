using Serverless.Storage.Azure.Entities;

namespace Serverless.Storage.Azure.Commits;

/// <summary>
/// A row of the table <c>{prefix}0pending</c> that tells sweeps: this partition may hold journal rows of commits that began
/// since then. Its fields are guarded by <see cref="Registrations"/>.
/// </summary>
internal sealed class Registration(PartitionAddress partition, EntityKey key, DateTimeOffset written)
{
    public PartitionAddress Partition => partition;

    /// <summary>Where the registration lies.</summary>
    public EntityKey Key => key;

    /// <summary>The time before it was written.</summary>
    public DateTimeOffset Written => written;

    /// <summary>Ends when the registration is durable.</summary>
    public TaskCompletionSource Durable { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Commits that rely on it: not written yet, or with a journal row that is not deleted yet.</summary>
    public int Users { get; set; }

    /// <summary>True when a commit of unknown outcome relies on it: only a sweep may delete it.</summary>
    public bool LeftToSweep { get; set; }
}
