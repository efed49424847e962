namespace Serverless.Server.Api;

/// <summary>Names as Prefect takes them.</summary>
internal static class WireName
{
    private const string Pattern = "^[^/%&><]+$";

    /// <summary>Refuses what is no name.</summary>
    /// <exception cref="InvalidRequestException">The name is empty, or has a character that no name has.</exception>
    public static void Check(string name)
    {
        if (name.Length == 0 || name.AsSpan().ContainsAny("/%&><"))
        {
            throw new InvalidRequestException(
                new RequestError(
                    "string_pattern_mismatch",
                    ["body", "name"],
                    $"String should match pattern '{Pattern}'",
                    JsonTexts.String(name),
                    new("pattern", JsonTexts.String(Pattern))
                )
            );
        }
    }
}
