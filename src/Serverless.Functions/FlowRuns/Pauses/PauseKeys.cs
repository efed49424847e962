namespace Serverless.Functions.FlowRuns;

/// <summary>Names of a pause's inputs; the members of Prefect's <c>run_input_keyset</c>.</summary>
internal static class PauseKeys
{
    public const string Description = "description";
    public const string Response = "response";
    public const string Schema = "schema";

    /// <summary>The key set of a pause, in Prefect's form <c>{pause key}-{member}</c>.</summary>
    public static Dictionary<string, string> Keyset(string pauseKey, bool withDescription)
    {
        Dictionary<string, string> keyset = new() { [Response] = $"{pauseKey}-{Response}", [Schema] = $"{pauseKey}-{Schema}" };
        if (withDescription)
        {
            keyset[Description] = $"{pauseKey}-{Description}";
        }

        return keyset;
    }
}
