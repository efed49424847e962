namespace Serverless.Storage.Azure.Commits;

/// <summary>A commit that is durable and whose derived rows could not be written yet.</summary>
internal sealed record UnappliedCommit(string CommitId, IReadOnlyList<RowOperation> Derived, JournalRow Journal, DateTimeOffset Since);
