namespace Serverless.Functions.Engine;

/// <summary>How large the value may be that a flow or task returns: results travel through orchestration histories.</summary>
internal static class ResultLimit
{
    /// <summary>The most characters of a result's JSON; half of what a payload of the embedded runtime may have.</summary>
    public const int MaxCharacters = 4 * 1024 * 1024;

    /// <summary>The result, if it fits.</summary>
    /// <exception cref="InvalidOperationException">It is too large.</exception>
    public static string? Check(string? resultJson) => resultJson is { Length: > MaxCharacters } tooLarge
        ? throw new InvalidOperationException(
            $"The result has {tooLarge.Length:N0} characters of JSON; at most {MaxCharacters:N0} are allowed. Store large data elsewhere and return where it is.")
        : resultJson;
}
