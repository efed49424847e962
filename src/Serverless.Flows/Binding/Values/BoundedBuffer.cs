using System.Buffers;

namespace Serverless.Flows.Binding;

/// <summary>A pooled buffer that is full at some length.</summary>
internal sealed class BoundedBuffer : IBufferWriter<byte>, IDisposable
{
    /// <summary>
    /// Beyond what a value of the most characters needs: up to three bytes for each, and one piece that is written ahead of its check.
    /// </summary>
    private const int MaxLength = 16 * PayloadLimitException.MaxCharacters;

    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(1024);
    private int _length;

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, _length);

    public void Advance(int count) => _length += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(Math.Max(sizeHint, 1));
        return _bytes.AsMemory(_length);
    }

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public void Dispose() => ArrayPool<byte>.Shared.Return(_bytes);

    private void Reserve(int count)
    {
        if (_bytes.Length - _length >= count)
        {
            return;
        }

        var needed = (long)_length + count;
        if (needed > MaxLength)
        {
            throw new FullException();
        }

        var larger = ArrayPool<byte>.Shared.Rent((int)Math.Max(needed, Math.Min(2L * _bytes.Length, MaxLength)));
        Written.CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = larger;
    }

    /// <summary>More is written than the buffer takes.</summary>
    internal sealed class FullException : Exception;
}
