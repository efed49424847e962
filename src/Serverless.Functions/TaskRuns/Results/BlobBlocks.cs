using System.Security.Cryptography;
using Azure.Storage.Blobs.Specialized;

namespace Serverless.Functions.TaskRuns;

/// <summary>
/// A stream whose content goes into the blocks of a blob. They count for nothing before they are committed: what is cut off leaves the blob
/// as it was.
/// </summary>
/// <param name="blob">The blob.</param>
internal sealed class BlobBlocks(BlockBlobClient blob) : Stream
{
    private const int BlockLength = 4 * 1024 * 1024;

    // Blocks of other writers of the blob have other names.
    private readonly byte[] _writer = RandomNumberGenerator.GetBytes(16);
    private readonly List<string> _ids = [];
    private byte[]? _block;
    private int _used;
    private long _length;

    /// <summary>The blocks so far, in order.</summary>
    public IReadOnlyList<string> Ids => _ids;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => _length;

    public override long Position
    {
        get => _length;
        set => throw new NotSupportedException();
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (buffer.Length > 0)
        {
            _block ??= new byte[BlockLength];
            var count = Math.Min(buffer.Length, BlockLength - _used);
            buffer.Span[..count].CopyTo(_block.AsSpan(_used));
            _used += count;
            _length += count;
            buffer = buffer[count..];
            if (_used == BlockLength)
            {
                await FlushBlockAsync(cancellationToken);
            }
        }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Write(byte[] buffer, int offset, int count) =>
        throw new NotSupportedException("Results are written asynchronously: use WriteAsync.");

    /// <summary>Sends what has been written so far and is not a whole block.</summary>
    public async Task FlushBlockAsync(CancellationToken cancellationToken)
    {
        if (_used == 0)
        {
            return;
        }

        var id = Convert.ToBase64String([.. _writer, .. BitConverter.GetBytes(_ids.Count)]);
        using MemoryStream content = new(_block!, 0, _used, writable: false);
        await blob.StageBlockAsync(id, content, cancellationToken: cancellationToken);
        _ids.Add(id);
        _used = 0;
    }

    /// <summary>Nothing: serializers flush often, and a block is worth sending when it is full.</summary>
    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override void Flush() { }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
