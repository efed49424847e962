using System.Buffers;
using System.Globalization;

namespace Serverless.Storage.Sqlite;

/// <summary>
/// A commit as bytes. Callers encode on their own threads, so that the one writer only binds; the bytes live
/// in one pooled buffer until <see cref="Release"/>.
/// </summary>
internal sealed class EncodedCommit
{
    /// <summary>Far below SQLite's own limit (10^9), so that no commit can fail the group it is written with.</summary>
    private const int MaxBytes = 256 * 1024 * 1024;

    private readonly byte[] _buffer;
    private int _used;

    public EncodedCommit(RowCommit commit)
    {
        long size = 0;
        foreach (var operation in commit.Operations)
        {
            size += Size(operation);
        }

        foreach (var operation in commit.Derived)
        {
            size += Size(operation);
        }

        if (size > MaxBytes)
        {
            throw new ArgumentException($"The commit has {size} bytes; the limit is {MaxBytes}.", nameof(commit));
        }

        Commit = commit;
        Operations = new EncodedOperation[commit.Operations.Count + commit.Derived.Count];
        _buffer = ArrayPool<byte>.Shared.Rent((int)size);
        var count = 0;
        foreach (var operation in commit.Operations)
        {
            Operations[count++] = Encode(operation);
        }

        foreach (var operation in commit.Derived)
        {
            Operations[count++] = Encode(operation);
        }
    }

    public RowCommit Commit { get; }

    /// <summary>The operations of the partition, then the derived ones.</summary>
    public EncodedOperation[] Operations { get; }

    public int Bytes => _used;

    public ReadOnlySpan<byte> this[Range range] => _buffer.AsSpan(0, _used)[range];

    /// <summary>Gives the buffer back; the commit must not be used any more.</summary>
    public void Release() => ArrayPool<byte>.Shared.Return(_buffer);

    private static long Size(RowOperation operation) =>
        Utf8.Size(operation.Address.PartitionKey)
        + Utf8.Size(operation.Address.RowKey)
        + (operation.Properties is { } properties ? StoredRow.SumSize + RowPropertiesCodec.Size(properties) : 0L);

    private static long ParseETag(string? etag) =>
        etag switch
        {
            null => 0,
            _ when long.TryParse(etag, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value > 0 => value,
            _ => -1,
        };

    private EncodedOperation Encode(RowOperation operation)
    {
        var partition = Append(Utf8.Write(operation.Address.PartitionKey, _buffer.AsSpan(_used)));
        var row = Append(Utf8.Write(operation.Address.RowKey, _buffer.AsSpan(_used)));
        var properties = operation.Properties is { } values
            ? Append(StoredRow.SumSize + RowPropertiesCodec.Write(values, _buffer.AsSpan(_used + StoredRow.SumSize)))
            : Append(0);
        if (operation.Properties is not null)
        {
            StoredRow.Seal(_buffer.AsSpan(properties), _buffer.AsSpan(partition), _buffer.AsSpan(row));
        }

        return new(operation.Kind, operation.Address.Table, partition, row, properties, ParseETag(operation.ExpectedETag));
    }

    private Range Append(int size)
    {
        var start = _used;
        _used += size;
        return start.._used;
    }
}
