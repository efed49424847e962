using Serverless.Storage.Columns;
using SQLitePCL;

namespace Serverless.Storage.Sqlite;

/// <summary>
/// The row store in one SQLite database of one process. A single writer thread groups commits into transactions
/// and alone checkpoints; reads run on read-only connections, on the caller's thread, and complete synchronously.
/// </summary>
/// <remarks>
/// A logical table is a WITHOUT ROWID table clustered by (partition key, row key), in pages of 8 KiB. Measured with
/// commits of five rows of 100 to 700 bytes from 64 callers, synced, on two cores: partition keys that ascend with time
/// 42,000 commits/s and 9,600 scans of 200 rows/s (4 KiB pages 28,000 and 6,700, 16 KiB 37,000 and 8,600; a rowid table
/// with an index 35,000 to 40,000 and 4,600 to 7,300). Random partition keys: 14,000 commits/s, a rowid table 27,000.
/// Ids ascend with time here, so the clustered layout wins; keep it so for tables that grow.
/// </remarks>
public sealed class SqliteRowStore : IRowStore, IStoreHealth, IAsyncDisposable
{
    private readonly DataFolderLock _lock;
    private readonly TableCatalog _catalog;
    private readonly CommitWriter _writer;
    private readonly LogSync _sync;
    private readonly ReaderPool _readers;
    private readonly WriterCounters _counters;
    private readonly DamageReport _damage;

    // Some searches take long. Reads of single rows must not wait for them.
    private readonly SemaphoreSlim _searches;
    private readonly DataFolder _folder;
    private int _disposed;

    private SqliteRowStore(
        DataFolder folder,
        DataFolderLock folderLock,
        TableCatalog catalog,
        CommitWriter writer,
        LogSync sync,
        ReaderPool readers,
        WriterCounters counters,
        DamageReport damage,
        int searches
    )
    {
        _folder = folder;
        _searches = new(searches);
        _damage = damage;
        _lock = folderLock;
        _catalog = catalog;
        _writer = writer;
        _sync = sync;
        _readers = readers;
        _counters = counters;
        Columns = new SqliteColumnStore(SearchAsync);
    }

    /// <summary>Opens or creates the database.</summary>
    /// <exception cref="DataFolderInUseException">Another store has the folder open.</exception>
    /// <exception cref="RowStoreOpenException">The folder cannot be written, or the file is damaged or not one of this version.</exception>
    public static SqliteRowStore Open(SqliteRowStoreOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxReaders, 1, nameof(options));
        options = options with { Path = Path.GetFullPath(options.Path) };
        DataFolder folder = new(options.Path);
        var folderLock = DataFolderLock.Acquire(folder);
        try
        {
            TableCatalog catalog = new();
            WriterCounters counters = new();
            DamageReport damage = new(options.DamageFound);
            ReaderPool readers = new(options.Path, options.MaxReaders, damage, catalog);
            var writer = OpenWriter(options, catalog, readers, counters, out var sync);
            return new(folder, folderLock, catalog, writer, sync, readers, counters, damage, Math.Max(1, options.MaxReaders / 2));
        }
        catch (SqliteErrorException e)
        {
            folderLock.Dispose();
            throw new RowStoreOpenException($"The database '{options.Path}' cannot be opened: {e.Message}.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            folderLock.Dispose();
            throw new RowStoreOpenException($"The data folder '{Path.GetDirectoryName(options.Path)}' cannot be written: {e.Message}", e);
        }
        catch
        {
            folderLock.Dispose();
            throw;
        }
    }

    /// <summary>Looks for damage in every page and row, without changing anything; the store must not be open.</summary>
    /// <returns>What is wrong, a line each, the first hundred; none when all is well.</returns>
    /// <exception cref="DataFolderInUseException">A store has the folder open.</exception>
    /// <exception cref="RowStoreOpenException">There is no database, or what is there does not fit together.</exception>
    public static IReadOnlyList<string> Check(string path)
    {
        DataFolder folder = new(Path.GetFullPath(path));
        if (!DataFolder.HasBytes(folder.Database) && !File.Exists(folder.MarkFile))
        {
            throw new RowStoreOpenException($"There is no database '{folder.Database}'.");
        }

        using var folderLock = DataFolderLock.Acquire(folder);
        try
        {
            using var connection = SqliteSchema.OpenToCheck(folder);
            return DatabaseCheck.Full(connection);
        }
        catch (SqliteErrorException e)
        {
            throw new RowStoreOpenException($"The database '{folder.Database}' cannot be opened: {e.Message}.", e);
        }
    }

    /// <summary>Finds rows by their columns.</summary>
    public IColumnStore Columns { get; }

    IColumnStore? IRowStore.Columns => Columns;

    /// <inheritdoc/>
    public StoreHealth Health => new(_writer.Failure, _damage.Listed, _damage.Count);

    /// <inheritdoc/>
    public long Bytes =>
        new[] { _folder.Database, _folder.Log }.Sum(file => new FileInfo(file) is { Exists: true } known ? known.Length : 0);

    /// <summary>What the store has done since it was opened.</summary>
    public SqliteRowStoreStatistics GetStatistics() => _counters.Read();

    /// <inheritdoc/>
    public async ValueTask<Row?> GetAsync(RowAddress address, CancellationToken cancellationToken = default)
    {
        RowLimits.ValidateTable(address.Table);
        var reader = await RentAsync(cancellationToken);
        try
        {
            return _catalog.Contains(address.Table) ? reader.Get(address) : null;
        }
        catch (SqliteErrorException e)
        {
            reader.Failed = true;
            throw Unreadable(address.Table, e);
        }
        finally
        {
            _readers.Return(reader);
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
        RowKeyBytes? after = continuation is null ? null : ContinuationToken.Decode(continuation, range);
        var reader = await RentAsync(cancellationToken);
        try
        {
            return _catalog.Contains(range.Table) ? reader.Query(range, limit, after, cancellationToken) : new([], null);
        }
        catch (SqliteErrorException e)
        {
            reader.Failed = true;
            throw Unreadable(range.Table, e);
        }
        finally
        {
            _readers.Return(reader);
        }
    }

    /// <inheritdoc/>
    public ValueTask<CommitResult> CommitAsync(RowCommit commit, CancellationToken cancellationToken = default)
    {
        RowLimits.Validate(commit);
        cancellationToken.ThrowIfCancellationRequested();
        return new(_writer.Enqueue(new EncodedCommit(commit)));
    }

    /// <inheritdoc/>
    public ValueTask WhenDurableAsync(CancellationToken cancellationToken = default) => _sync.WhenDurableAsync();

    /// <inheritdoc/>
    public ValueTask<int> SweepAsync(CancellationToken cancellationToken = default) => new(0);

    /// <summary>Ends reads and commits that run, empties the log into the database and leaves the folder.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        // Readers first: the writer empties the log only when nobody reads it.
        await _readers.DisposeAsync();
        await _writer.DisposeAsync();
        _lock.Dispose();
    }

    private static CommitWriter OpenWriter(
        SqliteRowStoreOptions options,
        TableCatalog catalog,
        ReaderPool readers,
        WriterCounters counters,
        out LogSync sync
    )
    {
        var connection = SqliteSchema.OpenWriter(options, catalog);
        DurableMark? mark = null;
        try
        {
            mark = new(connection, new DataFolder(options.Path), SqliteSchema.ReadMark(connection), options.Durability);
            sync = new(options.Durability is SqliteDurability.Full ? mark.SyncLog : null, counters.LogSynced);
            return new(connection, catalog, mark, sync, readers, counters, options.CheckpointPages);
        }
        catch
        {
            mark?.Dispose();
            connection.Dispose();
            throw;
        }
    }

    private async ValueTask SearchAsync(string table, Action<RowReader> action, CancellationToken cancellationToken)
    {
        await _searches.WaitAsync(cancellationToken);
        try
        {
            var reader = await RentAsync(cancellationToken);
            try
            {
                action(reader);
            }
            catch (SqliteErrorException e)
            {
                reader.Failed = true;
                throw Unreadable(table, e);
            }
            finally
            {
                _readers.Return(reader);
            }
        }
        finally
        {
            _searches.Release();
        }
    }

    private RowStoreUnavailableException Unreadable(string table, SqliteErrorException e)
    {
        if (e.PrimaryCode is raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB)
        {
            _damage.Table(table, e.Message);
        }

        return Unreadable(e);
    }

    private static RowStoreUnavailableException Unreadable(SqliteErrorException e) => new($"The store could not be read: {e.Message}.", e);

    private async ValueTask<RowReader> RentAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _readers.RentAsync(cancellationToken);
        }
        catch (SqliteErrorException e)
        {
            throw Unreadable(e);
        }
    }
}
