using System.Globalization;

namespace Serverless.Storage.Sqlite;

/// <summary>Collects the rows of a page until it is full by number or by size.</summary>
internal sealed class PageBuilder(int limit)
{
    /// <summary>A page ends when its rows have this size: few large rows must not fill the memory.</summary>
    private const int MaxBytes = 4 * 1024 * 1024;

    private readonly List<Row> _rows = [];
    private byte[] _lastPartition = [];
    private string _lastPartitionKey = string.Empty;
    private byte[] _lastRow = [];
    private int _bytes;
    private string? _continuation;

    /// <summary>How many rows are still missing.</summary>
    public int Missing => limit - _rows.Count;

    /// <summary>Adds a row; false when the page was full before, in which case it ends there with a continuation.</summary>
    public bool TryAdd(ReadOnlySpan<byte> partition, ReadOnlySpan<byte> row, long etag, ReadOnlySpan<byte> properties)
    {
        if (Missing == 0 || _bytes >= MaxBytes)
        {
            _continuation = ContinuationToken.Encode(_lastPartition, _lastRow);
            return false;
        }

        if (_rows.Count == 0 || !partition.SequenceEqual(_lastPartition))
        {
            _lastPartition = partition.ToArray();
            _lastPartitionKey = Utf8.Text(partition);
        }

        _bytes += row.Length + properties.Length;
        if (Missing == 1 || _bytes >= MaxBytes)
        {
            _lastRow = row.ToArray();
        }

        _rows.Add(new(_lastPartitionKey, Utf8.Text(row), RowPropertiesCodec.Read(properties), etag.ToString(CultureInfo.InvariantCulture)));
        return true;
    }

    public RowPage Build() => new(_rows, _continuation);
}
