using System.Globalization;

namespace Serverless.Storage.Sqlite;

/// <summary>Collects the rows of a page until it is full by number or by size.</summary>
internal sealed class PageBuilder(string table, int limit, DamageReport damage)
{
    /// <summary>A page ends when its rows have this size: few large rows must not fill the memory.</summary>
    private const int MaxBytes = 4 * 1024 * 1024;

    private readonly List<Row> _rows = [];
    private byte[] _lastPartition = [];
    private string _lastPartitionKey = string.Empty;
    private byte[] _lastRow = [];
    private int _seen;
    private int _bytes;
    private string? _continuation;

    /// <summary>
    /// How many rows are still missing. Damaged ones count: they are left out of the page, which ends where it would with them.
    /// </summary>
    public int Missing => limit - _seen;

    /// <summary>Adds a row; false when the page was full before, in which case it ends there with a continuation.</summary>
    public bool TryAdd(ReadOnlySpan<byte> partition, ReadOnlySpan<byte> row, long etag, ReadOnlySpan<byte> properties)
    {
        if (Missing == 0 || _bytes >= MaxBytes)
        {
            _continuation = ContinuationToken.Encode(_lastPartition, _lastRow);
            return false;
        }

        if (Missing == 1 || _bytes + row.Length + properties.Length >= MaxBytes)
        {
            _lastRow = row.ToArray();
        }

        var isNewPartition = _seen == 0 || !partition.SequenceEqual(_lastPartition);
        if (isNewPartition)
        {
            _lastPartition = partition.ToArray();
        }

        _seen++;
        _bytes += row.Length + properties.Length;
        try
        {
            if (isNewPartition)
            {
                _lastPartitionKey = Utf8.Text(partition);
            }

            _rows.Add(
                new(
                    _lastPartitionKey,
                    Utf8.Text(row),
                    StoredRow.Read(properties, partition, row),
                    etag.ToString(CultureInfo.InvariantCulture)
                )
            );
        }
        catch (Exception e) when (e is InvalidDataException or ArgumentException)
        {
            damage.Row(table, partition, row, e.Message);
        }

        return true;
    }

    public RowPage Build() => new(_rows, _continuation);
}
