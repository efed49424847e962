namespace Serverless.Core.Transitions;

/// <summary>The version of a Prefect client, such as <c>3.4.11</c> or <c>3.0.0rc20</c>, as it names itself in its user agent.</summary>
public sealed record ClientVersion
{
    private const string Product = "prefect/";
    private static readonly Version LeasesSince = new(3, 4, 11);

    private ClientVersion(string text, bool renewsLeases)
    {
        Text = text;
        RenewsLeases = renewsLeases;
    }

    /// <summary>The version as the client writes it.</summary>
    public string Text { get; }

    /// <summary>True when the client renews the lease of its deployment's slot: 3.4.11 and later.</summary>
    public bool RenewsLeases { get; }

    /// <summary>
    /// True for the versions whose workers took the deployment's slot themselves, so that the server must not: 3.0.0rc20 to 3.0.3.
    /// </summary>
    public bool ManagesSlots => Text is "3.0.0rc20" or "3.0.0" or "3.0.1" or "3.0.2" or "3.0.3";

    /// <summary>Reads a version of three numbers, as in <c>3.4.11</c>, <c>3.0.0rc20</c> and <c>3.6.0.dev2+4.g1234</c>.</summary>
    /// <param name="text">The version.</param>
    /// <returns>Null when <paramref name="text"/> is none.</returns>
    public static ClientVersion? Parse(string? text)
    {
        var numbers = string.Concat((text ?? "").TakeWhile(character => char.IsAsciiDigit(character) || character == '.')).TrimEnd('.');
        if (!Version.TryParse(numbers, out var release) || release is not { Build: >= 0, Revision: < 0 })
        {
            return null;
        }

        // Before the release itself: alpha, beta and release candidates, and development versions of it.
        var suffix = text.AsSpan(numbers.Length).TrimStart('.');
        var isPreRelease = suffix is ['a' or 'b' or 'r' or 'd', ..];
        return new ClientVersion(text!, release > LeasesSince || (release == LeasesSince && !isPreRelease));
    }

    /// <summary>Reads the version in a user agent such as <c>prefect/3.4.11 (API 0.8.4)</c>.</summary>
    /// <param name="userAgent">The header's value; null for none.</param>
    /// <returns>Null when the client is another.</returns>
    public static ClientVersion? FromUserAgent(string? userAgent) =>
        userAgent is not null
        && userAgent.StartsWith(Product, StringComparison.Ordinal)
        && userAgent.IndexOf(" (API ", StringComparison.Ordinal) is > 0 and var end
            ? Parse(userAgent[Product.Length..end])
            : null;

    /// <inheritdoc/>
    public override string ToString() => Text;
}
