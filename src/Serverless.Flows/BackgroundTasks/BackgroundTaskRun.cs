using Serverless.Flows.Hosting;

namespace Serverless.Flows;

/// <summary>A run of a task in the background.</summary>
/// <param name="id">The task run's id.</param>
/// <param name="engine">Knows the run.</param>
public class BackgroundTaskRun(Guid id, IBackgroundTaskEngine engine)
{
    private readonly IBackgroundTaskEngine _engine = engine ?? throw new ArgumentNullException(nameof(engine));

    /// <summary>The task run's id: keep it to find the run again.</summary>
    public Guid Id { get; } = id;

    private protected IBackgroundTaskEngine Engine => _engine;

    /// <summary>The state in which the run is now.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The state, with the run's value if it has completed; null when there is no such run (any more).</returns>
    public async Task<RunState?> GetStateAsync(CancellationToken cancellationToken = default) =>
        await _engine.GetAsync(Id, cancellationToken) is { } found ? found.State.ToRunState(found.ResultJson) : null;

    /// <summary>Waits until the run has ended, however it ends.</summary>
    /// <param name="timeout">For how long; null for as long as it takes.</param>
    /// <param name="cancellationToken">Ends the wait, not the run.</param>
    /// <returns>The final state, with the run's value if it has completed.</returns>
    /// <exception cref="TimeoutException">It has not ended in time; it goes on.</exception>
    /// <exception cref="InvalidOperationException">There is no such run (any more).</exception>
    public async Task<RunState> WaitAsync(TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        if (timeout is not null && await GetStateAsync(cancellationToken) is { IsFinal: true } known)
        {
            return known;
        }

        using CancellationTokenSource late = timeout is { } limit ? new(limit, _engine.Time) : new();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            var ended = await EndedAsync(either.Token);
            return ended.State.ToRunState(ended.ResultJson);
        }
        catch (OperationCanceledException waited) when (late.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"Background task run {Id} has not ended within {timeout}.", waited);
        }
    }

    /// <inheritdoc/>
    public override string ToString() => Id.ToString();

    /// <summary>Waits until the run has ended.</summary>
    /// <exception cref="InvalidOperationException">There is no such run.</exception>
    private protected async Task<BackgroundTaskState> EndedAsync(CancellationToken cancellationToken) =>
        await _engine.WaitAsync(Id, cancellationToken)
        ?? throw new InvalidOperationException($"There is no background task run {Id} of this app, or it was deleted.");
}
