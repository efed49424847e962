using System.Globalization;

namespace Serverless.LocalRuntime;

/// <summary>A payload is larger than the runtime keeps: it is so however often it is tried.</summary>
/// <param name="what">The payload, in words.</param>
/// <param name="length">How many characters it has.</param>
internal sealed class PayloadTooLargeException(string what, int length)
    : ArgumentException(
        string.Create(
            CultureInfo.InvariantCulture,
            $"{what} has {length:N0} characters of JSON; at most {Payload.MaxLength:N0} are kept. Store large data elsewhere and pass "
                + $"its location."
        )
    );
