namespace Serverless.Core.Json;

/// <summary>How deep JSON nests.</summary>
public static class JsonDepth
{
    /// <summary>
    /// What stored documents and the wire's answers may have. Far more than the API takes (50) and flows write (64), because a
    /// value is nested deeper in what shows it: a run in a list, a state in a run.
    /// </summary>
    public const int Max = 256;

    /// <summary>What stored documents are read with: less than <see cref="Max"/>, so that whatever is read can be shown.</summary>
    public const int MaxStored = 200;
}
