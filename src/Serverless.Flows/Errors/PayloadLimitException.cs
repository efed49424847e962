using System.Globalization;

namespace Serverless.Flows;

/// <summary>Something that travels between a flow and what it calls is too large.</summary>
public sealed class PayloadLimitException : Exception
{
    /// <summary>The most characters of JSON that one argument list, result, artifact or question of a pause may have.</summary>
    public const int MaxCharacters = 4_000_000;

    private PayloadLimitException(string message)
        : base(message) { }

    /// <summary>The exception for something too large.</summary>
    /// <param name="what">What it is, in the singular: <c>The result of task 'load'</c>.</param>
    /// <param name="length">How many characters it has; null for more than anybody has counted.</param>
    /// <param name="limit">How many it may have.</param>
    /// <param name="remedy">What to do, in a sentence.</param>
    public static PayloadLimitException Of(string what, long? length, long limit, string remedy) =>
        new(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{what}: {(length is { } known ? $"{known:N0}" : $"more than {limit:N0}")} characters of JSON; at most {limit:N0} "
                    + $"are allowed. {remedy}"
            )
        );
}
