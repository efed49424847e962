using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace Serverless.LocalRuntime.Execution;

/// <summary>Name-based ids, version 5 of RFC 9562 (RFC 4122).</summary>
internal static class DeterministicGuid
{
    private static readonly Guid Namespace = new("0f6d2cb7-8f0c-4c8b-9d0e-6e6a3b6a8f51");

    [SuppressMessage(
        "Security",
        "CA5350:Do Not Use Weak Cryptographic Algorithms",
        Justification = "Version 5 is defined with SHA-1; nothing is protected by it."
    )]
    public static Guid Create(string name)
    {
        var text = Encoding.UTF8.GetBytes(name);
        var input = new byte[16 + text.Length];
        Namespace.TryWriteBytes(input, bigEndian: true, out _);
        text.CopyTo(input, 16);

        Span<byte> hash = stackalloc byte[SHA1.HashSizeInBytes];
        SHA1.HashData(input, hash);
        hash[6] = (byte)((hash[6] & 0x0F) | 0x50);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash[..16], bigEndian: true);
    }
}
