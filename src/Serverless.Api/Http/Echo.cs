using System.Runtime.InteropServices;
using System.Text.Json;
using Serverless.Api.Http.Binding;

namespace Serverless.Api.Http;

/// <summary>What an error repeats of a request: enough to recognise it, however large it was.</summary>
internal static class Echo
{
    /// <summary>The longest body in bytes that is repeated whole; of a longer one nothing is.</summary>
    public const int LongestBody = 16 * 1024;

    /// <summary>The longest sentence.</summary>
    private const int LongestSentence = 4000;

    private const int LongestValue = 1024;
    private const int LongestName = 100;

    /// <summary>A value that is wrong: itself, the beginning of a long text, or null for what is long otherwise.</summary>
    public static JsonElement? Value(JsonElement? value)
    {
        if (value is not { ValueKind: not JsonValueKind.Undefined } known || JsonMarshal.GetRawUtf8Value(known).Length <= LongestValue)
        {
            return value;
        }

        return known.ValueKind == JsonValueKind.String ? JsonTexts.String(Cut(known.GetString()!, LongestValue)) : null;
    }

    /// <summary>The name of a member on the way to what is wrong.</summary>
    public static string Name(string name) => Cut(name, LongestName);

    /// <summary>A sentence that may have a part of a request in it.</summary>
    public static string Sentence(string text) => Cut(text, LongestSentence);

    private static string Cut(string text, int length) =>
        text.Length <= length ? text : $"{text.AsSpan(0, char.IsHighSurrogate(text[length - 1]) ? length - 1 : length)}…";
}
