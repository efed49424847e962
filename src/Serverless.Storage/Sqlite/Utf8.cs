using System.Text;

namespace Serverless.Storage.Sqlite;

/// <summary>Strict UTF-8: half a surrogate pair is refused, because two keys must never become one.</summary>
internal static class Utf8
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The number of bytes of the text.</summary>
    /// <exception cref="ArgumentException">The text is not well-formed.</exception>
    public static int Size(string text) => Strict.GetByteCount(text);

    /// <summary>The bytes of the text.</summary>
    /// <exception cref="ArgumentException">The text is not well-formed.</exception>
    public static byte[] Bytes(string text) => Strict.GetBytes(text);

    /// <summary>Writes the text and answers its size.</summary>
    public static int Write(string text, Span<byte> target) => Strict.GetBytes(text, target);

    /// <summary>The text of the bytes.</summary>
    /// <exception cref="ArgumentException">The bytes are not well-formed.</exception>
    public static string Text(ReadOnlySpan<byte> bytes) => Strict.GetString(bytes);
}
