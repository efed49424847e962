namespace Serverless.Server.Runs;

/// <summary>
/// The runs that services look for. None of these reads runs that are not asked for, whatever else is stored. A run that changes meanwhile
/// may come as it was, twice, or not at all; one that is damaged does not come.
/// </summary>
internal interface IFlowRunLists
{
    /// <summary>The runs of a list of <see cref="FlowRunLists.DueOf"/> that are due before a time, the longest due first.</summary>
    IAsyncEnumerable<StoredFlowRun> DueAsync(string list, DateTimeOffset before, CancellationToken cancellationToken);

    /// <summary>The runs of a deployment that are scheduled.</summary>
    IAsyncEnumerable<StoredFlowRun> ScheduledAsync(Guid deploymentId, CancellationToken cancellationToken);

    /// <summary>The runs that have not ended; scheduled ones only as far as they are to start before a time. Null for all.</summary>
    IAsyncEnumerable<StoredFlowRun> OpenAsync(DateTimeOffset? startingBefore, CancellationToken cancellationToken);

    /// <summary>The ids of all runs of a flow, whether it is there or not.</summary>
    IAsyncEnumerable<Guid> OfFlowAsync(Guid flowId, CancellationToken cancellationToken);

    /// <summary>The runs that ended before a time, with their places; null in the place of one that is passed over.</summary>
    /// <param name="before">The time.</param>
    /// <param name="from">A place to go on from; null to begin.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    IAsyncEnumerable<(string Place, StoredFlowRun? Run)> EndedAsync(
        DateTimeOffset before,
        string? from,
        CancellationToken cancellationToken
    );
}
