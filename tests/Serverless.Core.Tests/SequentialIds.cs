using System.Buffers.Binary;
using Serverless.Core.Ids;

namespace Serverless.Core.Tests;

/// <summary>Ids that count up, so that failures read well.</summary>
internal sealed class SequentialIds : IIdGenerator
{
    private int last;

    public Guid NewId()
    {
        Span<byte> bytes = stackalloc byte[16];
        // In the first half, which ids of states keep.
        BinaryPrimitives.WriteInt32BigEndian(bytes, ++last);
        return new Guid(bytes, bigEndian: true);
    }
}
