namespace Serverless.Storage.Azure.Commits;

/// <summary>What stands behind an action of a transaction.</summary>
internal enum EntityActionRole
{
    /// <summary>An operation of the caller, or a derived row.</summary>
    Operation,

    /// <summary>The commit's own journal row.</summary>
    Journal,

    /// <summary>The deletion of the journal row of an earlier commit, which rides along.</summary>
    Rider,
}
