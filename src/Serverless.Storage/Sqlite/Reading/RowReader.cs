using System.Globalization;
using Serverless.Storage.Columns;

namespace Serverless.Storage.Sqlite;

/// <summary>A read-only connection. Every statement is a read transaction of its own and sees all commits before it.</summary>
internal sealed class RowReader : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly DamageReport _damage;
    private readonly TableCatalog _catalog;
    private readonly Dictionary<string, ReaderStatements> _statements = new(StringComparer.Ordinal);

    public RowReader(string path, DamageReport damage, TableCatalog catalog)
    {
        _damage = damage;
        _catalog = catalog;
        _connection = SqliteConnection.Open(path, readOnly: true);
        _connection.Execute("PRAGMA query_only = ON; PRAGMA cache_size = -4096; PRAGMA temp_store = MEMORY");
        Columns = new ColumnReader(_connection, catalog);
    }

    /// <summary>Queries over columns.</summary>
    public ColumnReader Columns { get; }

    /// <summary>Set when a call has met an error, after which the connection is not used again.</summary>
    public bool Failed { get; set; }

    /// <summary>Reads a row; null for none.</summary>
    /// <exception cref="RowDamagedException">The row is there, but not what was written.</exception>
    public Row? Get(RowAddress address)
    {
        var partition = Utf8.Bytes(address.PartitionKey);
        var row = Utf8.Bytes(address.RowKey);
        var get = Statements(address.Table).Get;
        get.BindText(1, partition);
        get.BindText(2, row);
        try
        {
            return get.Step()
                ? new(
                    address.PartitionKey,
                    address.RowKey,
                    StoredRow.Read(get.Bytes(1), partition, row),
                    get.Int64(0).ToString(CultureInfo.InvariantCulture)
                )
                : null;
        }
        catch (InvalidDataException e)
        {
            _damage.Row(address.Table, partition, row, e.Message);
            throw new RowDamagedException($"A stored row is damaged: {DamageReport.Name(address.Table, partition, row)}: {e.Message}.", e);
        }
        finally
        {
            get.Reset();
        }
    }

    /// <summary>Reads the rows that a query over columns finds, in one read transaction.</summary>
    public int Read(ColumnQuery query, Func<ColumnHit, bool> found, CancellationToken cancellationToken) =>
        InOneState(() =>
        {
            var count = 0;
            foreach (var place in Columns.Find(query, cancellationToken))
            {
                count++;
                if (!found(new ColumnHit(place.Key, place.Value, GetOrNull(place.Address))))
                {
                    break;
                }
            }

            return count;
        });

    /// <summary>Calls back in one read transaction: all that is read meanwhile is of one state of the store.</summary>
    public T InOneState<T>(Func<T> read)
    {
        _connection.Execute("BEGIN");
        try
        {
            return read();
        }
        finally
        {
            if (_connection.InTransaction)
            {
                _connection.Execute("ROLLBACK");
            }
        }
    }

    /// <summary>A page of the range, from its start or after a row.</summary>
    public RowPage Query(RowRange range, int limit, RowKeyBytes? after, CancellationToken cancellationToken)
    {
        PageBuilder page = new(range.Table, limit, _damage);
        RowKeyBytes start = after is { } last
            ? new(last.Partition, Successor(last.Row))
            : new(Utf8.Bytes(range.FromPartition), Utf8.Bytes(range.FromRow ?? string.Empty));
        if (range.ToPartition == range.FromPartition)
        {
            _ = ScanPartition(range, start, page);
        }
        else if (range.FromRow is null && range.ToRow is null)
        {
            ScanTable(range, start, page);
        }
        else
        {
            ScanPartitions(range, start, page, cancellationToken);
        }

        return page.Build();
    }

    public void Dispose()
    {
        foreach (var statements in _statements.Values)
        {
            statements.Dispose();
        }

        _connection.Dispose();
    }

    // The next key in the order of bytes.
    private static byte[] Successor(byte[] key) => [.. key, 0];

    /// <summary>A row; null when there is none, or when it is damaged.</summary>
    private Row? GetOrNull(RowAddress address)
    {
        try
        {
            return _catalog.Contains(address.Table) ? Get(address) : null;
        }
        catch (RowDamagedException)
        {
            // The report has it.
            return null;
        }
    }

    private static void BindUpperBound(SqliteStatement statement, int index, string? bound)
    {
        if (bound is null)
        {
            statement.BindAboveAllText(index);
        }
        else
        {
            statement.BindText(index, bound);
        }
    }

    private static bool Read(SqliteStatement scan, PageBuilder page)
    {
        // One row more than the page takes tells whether there is another page.
        scan.BindInt64(4, page.Missing + 1);
        try
        {
            while (scan.Step())
            {
                if (!page.TryAdd(scan.Bytes(0), scan.Bytes(1), scan.Int64(2), scan.Bytes(3)))
                {
                    return false;
                }
            }

            return true;
        }
        finally
        {
            scan.Reset();
        }
    }

    private void ScanTable(RowRange range, RowKeyBytes start, PageBuilder page)
    {
        var scan = Statements(range.Table).ScanTable;
        scan.BindText(1, start.Partition);
        scan.BindText(2, start.Row);
        BindUpperBound(scan, 3, range.ToPartition);
        _ = Read(scan, page);
    }

    private bool ScanPartition(RowRange range, RowKeyBytes start, PageBuilder page)
    {
        var scan = Statements(range.Table).ScanPartition;
        scan.BindText(1, start.Partition);
        scan.BindText(2, start.Row);
        BindUpperBound(scan, 3, range.ToRow);
        return Read(scan, page);
    }

    // With row bounds, each partition is entered where its rows begin, so what lies outside them is never read.
    private void ScanPartitions(RowRange range, RowKeyBytes start, PageBuilder page, CancellationToken cancellationToken)
    {
        var firstRow = Utf8.Bytes(range.FromRow ?? string.Empty);
        var from = start.Partition;
        while (FindPartition(range, from) is { } partition)
        {
            var row = partition.AsSpan().SequenceEqual(start.Partition) ? start.Row : firstRow;
            if (!ScanPartition(range, new(partition, row), page))
            {
                return;
            }

            cancellationToken.ThrowIfCancellationRequested();
            from = Successor(partition);
        }
    }

    private byte[]? FindPartition(RowRange range, byte[] from)
    {
        var find = Statements(range.Table).NextPartition;
        find.BindText(1, from);
        BindUpperBound(find, 2, range.ToPartition);
        try
        {
            return find.Step() ? find.Bytes(0).ToArray() : null;
        }
        finally
        {
            find.Reset();
        }
    }

    private ReaderStatements Statements(string table)
    {
        if (!_statements.TryGetValue(table, out var statements))
        {
            _statements.Add(table, statements = new(_connection, table));
        }

        return statements;
    }
}
