using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace Serverless.Core.Json;

/// <summary>
/// Escapes what JSON asks for and nothing else, as Prefect's server does: <c>'</c>, <c>&lt;</c>, <c>+</c> and every letter and
/// sign of any script stand as they are. Such JSON is not for pasting into HTML; answers say that they are JSON and forbid guessing.
/// </summary>
internal sealed class PlainJsonEncoder : JavaScriptEncoder
{
    private static readonly SearchValues<char> Escaped = SearchValues.Create([
        .. Enumerable.Range(0, 0x20).Select(code => (char)code),
        '"',
        '\\',
    ]);

    private static readonly SearchValues<byte> EscapedUtf8 = SearchValues.Create([
        .. Enumerable.Range(0, 0x20).Select(code => (byte)code),
        (byte)'"',
        (byte)'\\',
    ]);

    private PlainJsonEncoder() { }

    /// <summary>The encoder.</summary>
    public static PlainJsonEncoder Instance { get; } = new();

    /// <inheritdoc/>
    public override int MaxOutputCharactersPerInputCharacter => 6;

    /// <inheritdoc/>
    public override bool WillEncode(int unicodeScalar) => unicodeScalar is < 0x20 or '"' or '\\';

    /// <inheritdoc/>
    public override unsafe int FindFirstCharacterToEncode(char* text, int textLength)
    {
        ReadOnlySpan<char> chars = new(text, textLength);
        var escaped = chars.IndexOfAny(Escaped);
        var plain = escaped < 0 ? chars : chars[..escaped];
        return IndexOfHalfPair(plain) is >= 0 and var half ? half : escaped;
    }

    /// <inheritdoc/>
    public override int FindFirstCharacterToEncodeUtf8(ReadOnlySpan<byte> utf8Text)
    {
        var escaped = utf8Text.IndexOfAny(EscapedUtf8);
        var plain = escaped < 0 ? utf8Text : utf8Text[..escaped];
        if (Utf8.IsValid(plain))
        {
            return escaped;
        }

        var at = 0;
        while (Rune.DecodeFromUtf8(plain[at..], out _, out var length) == OperationStatus.Done)
        {
            at += length;
        }

        return at;
    }

    /// <inheritdoc/>
    public override unsafe bool TryEncodeUnicodeScalar(int unicodeScalar, char* buffer, int bufferLength, out int numberOfCharactersWritten)
    {
        Span<char> destination = new(buffer, bufferLength);
        var shortForm = unicodeScalar switch
        {
            '"' or '\\' => (char)unicodeScalar,
            '\n' => 'n',
            '\r' => 'r',
            '\t' => 't',
            '\b' => 'b',
            '\f' => 'f',
            _ => '\0',
        };
        if (shortForm != '\0')
        {
            return destination.TryWrite($"\\{shortForm}", out numberOfCharactersWritten);
        }

        // Besides control characters only U+FFFD comes here, in the place of what is no character.
        return unicodeScalar < 0x20
            ? destination.TryWrite($"\\u{unicodeScalar:x4}", out numberOfCharactersWritten)
            : new Rune(unicodeScalar).TryEncodeToUtf16(destination, out numberOfCharactersWritten);
    }

    private static int IndexOfHalfPair(ReadOnlySpan<char> text)
    {
        var at = 0;
        while (text[at..].IndexOfAnyInRange('\uD800', '\uDFFF') is >= 0 and var next)
        {
            at += next;
            if (Rune.DecodeFromUtf16(text[at..], out _, out var length) != OperationStatus.Done)
            {
                return at;
            }

            at += length;
        }

        return -1;
    }
}
