namespace Serverless.Flows.Results;

/// <summary>Which keys a result storage takes: names with <c>/</c> between, none of which leads out of a folder.</summary>
internal static class ResultKeys
{
    /// <summary>The longest key; what blob storage takes.</summary>
    internal const int MaxLength = 1024;

    /// <summary>What is wrong with a key; null if nothing is.</summary>
    internal static string? Problem(string key)
    {
        if (key.Length is 0 or > MaxLength)
        {
            return $"a key has 1 to {MaxLength} characters";
        }

        if (key.Any(character => char.IsControl(character) || character is '\\' or ':' or '*' or '?' or '"' or '<' or '>' or '|'))
        {
            return "a key has no control characters, and none of \\ : * ? \" < > |";
        }

        return key.Split('/').Any(part => part.Length == 0 || part[^1] is '.' or ' ')
            ? "the parts between / in a key are not empty and do not end with a dot or a space"
            : null;
    }
}
