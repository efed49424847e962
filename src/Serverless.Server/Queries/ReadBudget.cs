namespace Serverless.Server.Queries;

/// <summary>
/// What the current request may still read. Reads count themselves in it without passing it through every method. Outside requests that ask
/// something there is no budget: services go on in steps of their own, and commands are not broken off.
/// </summary>
internal sealed class ReadBudget : IDisposable
{
    private static readonly AsyncLocal<ReadBudget?> Current = new();

    private readonly QueryOptions _options;
    private readonly CancellationTokenSource _time;
    private int _reads;

    private ReadBudget(QueryOptions options, TimeProvider time)
    {
        _options = options;
        _time = new CancellationTokenSource(TimeSpan.FromSeconds(options.MaxSeconds), time);
    }

    /// <summary>Starts the budget of what is called from here.</summary>
    public static ReadBudget Open(QueryOptions options, TimeProvider time) => Current.Value = new ReadBudget(options, time);

    /// <summary>Makes a read.</summary>
    /// <exception cref="QuestionTooLargeException">There were too many, or they took too long.</exception>
    public static ValueTask<T> TakeAsync<T>(Func<CancellationToken, ValueTask<T>> read, CancellationToken cancellationToken) =>
        Current.Value is { } budget ? budget.ReadAsync(read, cancellationToken) : read(cancellationToken);

    /// <inheritdoc/>
    public void Dispose()
    {
        Current.Value = null;
        _time.Dispose();
    }

    private async ValueTask<T> ReadAsync<T>(Func<CancellationToken, ValueTask<T>> read, CancellationToken cancellationToken)
    {
        if (Interlocked.Increment(ref _reads) > _options.MaxReads)
        {
            throw QuestionTooLargeException.OfReads(_options.MaxReads);
        }

        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _time.Token);
        try
        {
            either.Token.ThrowIfCancellationRequested();
            return await read(either.Token);
        }
        catch (OperationCanceledException) when (_time.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw QuestionTooLargeException.OfTime(_options.MaxSeconds);
        }
    }
}
