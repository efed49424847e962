using Azure;
using Microsoft.Extensions.Logging;
using Serverless.Storage.Azure.Commits;
using Serverless.Storage.Azure.Entities;
using Serverless.Storage.Azure.Sweeping;
using Serverless.Storage.Azure.Wire;
using Serverless.Storage.Keys;
using Serverless.Storage.Telemetry;

namespace Serverless.Storage.Azure;

/// <summary>
/// The row store on Azure Tables, for any number of processes. A commit is one entity-group transaction; its derived rows are
/// written after it from a journal row that was written with it, and again by a sweep if the process dies in between. Values
/// that a row cannot hold lie in blobs and are read back unnoticed.
/// </summary>
/// <remarks>
/// Requests: a point read is one, a page of up to 1,000 rows mostly one, a commit one and one more for each partition
/// of its derived rows. Beyond those a partition costs one registration in 20 s and the deletion of its last journal rows, both
/// batched. The protocol, and what a crash leaves between any two of its writes, is in docs/azure-tables.md.
/// </remarks>
public sealed class AzureTableRowStore : IRowStore, IAsyncDisposable
{
    private readonly StoreContext _context;
    private readonly RowLoader _loader;
    private readonly RangeReader _ranges;
    private readonly Afterwork _afterwork;
    private readonly Committer _committer;
    private readonly CommitSweeper _commitSweeper;
    private readonly BlobSweeper _blobSweeper;
    private readonly SemaphoreSlim _sweeping = new(1);
    private bool _closed;

    private AzureTableRowStore(StoreContext context)
    {
        _context = context;
        _loader = new(context);
        _ranges = new(context, _loader);
        Registrations registrations = new(context);
        DerivedRows derivedRows = new(context);
        _afterwork = new(context, registrations, derivedRows);
        _committer = new(context, registrations, derivedRows, _afterwork);
        _commitSweeper = new(context, _loader, derivedRows);
        _blobSweeper = new(context);
    }

    /// <summary>
    /// Opens the store; creates its table of registrations when absent. The other tables come when they are first written.
    /// </summary>
    /// <param name="account">The account.</param>
    /// <param name="options">How it works; null for the defaults.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Where it tells what was put off.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="RowStoreOpenException">The account does not answer or refuses; one line for the operator.</exception>
    public static async Task<AzureTableRowStore> OpenAsync(
        AzureStorageAccount account,
        AzureTableRowStoreOptions? options,
        TimeProvider time,
        ILogger logger,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(account);
        TableDirectory tables = new(account.Tables, account.Options.Prefix);
        try
        {
            await tables.CreateAsync(TableDirectory.Pending, cancellationToken);
        }
        catch (Exception e)
            when ((e is RequestFailedException || StorageErrors.IsUnavailable(e)) && !cancellationToken.IsCancellationRequested)
        {
            throw new RowStoreOpenException(
                $"The table service at {account.Tables.Uri.GetLeftPart(UriPartial.Path)} cannot be used: {StorageErrors.OneLine(e)}",
                e
            );
        }

        return new(new(tables, new(account.Blobs, account.Options.Prefix), account.Options, options ?? new(), time, logger));
    }

    /// <inheritdoc/>
    public async ValueTask<Row?> GetAsync(RowAddress address, CancellationToken cancellationToken = default)
    {
        RowLimits.ValidateTable(address.Table);
        var key = EntityKey.Of(address);
        if (key.PartitionKey.Length > OrderedKey.MaxLength || key.RowKey.Length > OrderedKey.MaxLength)
        {
            return null;
        }

        try
        {
            return (await _loader.GetAsync(key, cancellationToken))?.ToRow();
        }
        catch (Exception e) when (StorageErrors.IsUnavailable(e) && !cancellationToken.IsCancellationRequested)
        {
            throw StorageErrors.Unavailable(e);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<RowPage> QueryAsync(
        RowRange range,
        int limit = 1000,
        string? continuation = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(range);
        RowLimits.ValidateTable(range.Table);
        RowLimits.ValidateLimit(limit);
        RangeFilter filter = new(range);
        Position? after = continuation is null ? null : Position.Parse(continuation, filter);
        try
        {
            return await _ranges.ReadAsync(range.Table, filter, limit, after, cancellationToken);
        }
        catch (Exception e) when (StorageErrors.IsUnavailable(e) && !cancellationToken.IsCancellationRequested)
        {
            throw StorageErrors.Unavailable(e);
        }
    }

    /// <inheritdoc/>
    /// <remarks>
    /// A lost answer is found out by the commit's id in the rows. What cannot be told from a conflict then: a commit all of
    /// whose rows others have overwritten before the retry, and a lone conditional delete that somebody else did meanwhile.
    /// </remarks>
    public async ValueTask<CommitResult> CommitAsync(RowCommit commit, CancellationToken cancellationToken = default)
    {
        RowLimits.Validate(commit);
        cancellationToken.ThrowIfCancellationRequested();
        if (Volatile.Read(ref _closed))
        {
            throw new RowStoreUnavailableException("The store is closed.");
        }

        var start = StoreMetrics.Start();
        CommitResult? result = null;
        try
        {
            return result = await _committer.CommitAsync(commit);
        }
        finally
        {
            StoreMetrics.Committed(StoreMetrics.AzureTables, start, commit.Operations.Count + commit.Derived.Count, result);
        }
    }

    /// <summary>
    /// Finishes at once what a process that has died left undone, where sweeps wait for two minutes in case it lives. For a process
    /// that has taken the store over from it; harmless if it does live.
    /// </summary>
    /// <returns>How many commits were finished.</returns>
    /// <exception cref="RowStoreUnavailableException">The store cannot be reached; sweeps do it later.</exception>
    public async ValueTask<int> RecoverAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            return await _commitSweeper.SweepAsync(all: true, cancellationToken);
        }
        catch (Exception e) when (StorageErrors.IsUnavailable(e) && !cancellationToken.IsCancellationRequested)
        {
            throw StorageErrors.Unavailable(e);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<int> SweepAsync(CancellationToken cancellationToken = default)
    {
        if (!await _sweeping.WaitAsync(TimeSpan.Zero, cancellationToken))
        {
            return 0;
        }

        try
        {
            var finished = await _commitSweeper.SweepAsync(all: false, cancellationToken);
            await _blobSweeper.SweepAsync(cancellationToken);
            return finished;
        }
        catch (Exception e) when (StorageErrors.IsUnavailable(e) && !cancellationToken.IsCancellationRequested)
        {
            throw StorageErrors.Unavailable(e);
        }
        finally
        {
            _sweeping.Release();
        }
    }

    /// <summary>Refuses new commits, and deletes journal rows and registrations that are not needed any more.</summary>
    public async ValueTask DisposeAsync()
    {
        Volatile.Write(ref _closed, true);
        await _afterwork.DisposeAsync();
    }

    /// <summary>Waits until the work that the clock has started is done.</summary>
    internal Task IdleAsync() => _afterwork.IdleAsync();
}
