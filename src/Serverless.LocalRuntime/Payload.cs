using Microsoft.DurableTask;

namespace Serverless.LocalRuntime;

/// <summary>Inputs, results and event payloads as text.</summary>
internal static class Payload
{
    /// <summary>Characters of the largest payload. Larger data belongs into a store of its own.</summary>
    public const int MaxLength = 8 * 1024 * 1024;

    /// <summary>The value as text; null for null.</summary>
    /// <param name="converter">Writes it.</param>
    /// <param name="value">The value.</param>
    /// <param name="what">What it is, in words.</param>
    /// <exception cref="PayloadTooLargeException">It is too large.</exception>
    public static string? Serialize(DataConverter converter, object? value, string what)
    {
        var payload = converter.Serialize(value);
        return payload?.Length > MaxLength ? throw new PayloadTooLargeException(what, payload.Length) : payload;
    }

    /// <summary>The value of a text; the type's default for null, which the converter cannot read as a value type.</summary>
    public static T? Deserialize<T>(DataConverter converter, string? payload) =>
        payload is null ? default : converter.Deserialize<T>(payload);
}
