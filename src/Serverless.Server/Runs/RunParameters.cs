using System.Text.Json;

namespace Serverless.Server.Runs;

/// <summary>The parameters of a run.</summary>
internal static class RunParameters
{
    /// <summary>The given parameters, and the defaults of those that are not given.</summary>
    public static IReadOnlyDictionary<string, JsonElement> Merge(
        IReadOnlyDictionary<string, JsonElement> defaults,
        IReadOnlyDictionary<string, JsonElement> given
    )
    {
        if (defaults.Count == 0 || given.Count == 0)
        {
            return given.Count == 0 ? defaults : given;
        }

        Dictionary<string, JsonElement> merged = new(defaults);
        foreach (var (name, value) in given)
        {
            merged[name] = value;
        }

        return merged;
    }
}
