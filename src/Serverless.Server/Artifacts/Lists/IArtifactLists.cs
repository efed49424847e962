namespace Serverless.Server.Artifacts;

/// <summary>Finds artifacts, without their contents; one that is damaged does not come.</summary>
internal interface IArtifactLists
{
    /// <summary>The latest artifact of a key; null when the key has none.</summary>
    ValueTask<StoredArtifact?> LatestAsync(string key, CancellationToken cancellationToken);

    /// <summary>The artifacts of a flow run and its task runs, oldest first.</summary>
    IAsyncEnumerable<StoredArtifact> OfFlowRunAsync(Guid flowRunId, CancellationToken cancellationToken);

    /// <summary>The ids of all artifacts of a flow run and its task runs, damaged ones included. They may be deleted meanwhile.</summary>
    IAsyncEnumerable<Guid> IdsOfFlowRunAsync(Guid flowRunId, CancellationToken cancellationToken);

    /// <summary>The artifacts that were created before a time, with their places; null in the place of one that is damaged.</summary>
    /// <param name="before">The time.</param>
    /// <param name="from">A place to go on from; null to begin.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    IAsyncEnumerable<(string Place, StoredArtifact? Artifact)> OldAsync(
        DateTimeOffset before,
        string? from,
        CancellationToken cancellationToken
    );
}
