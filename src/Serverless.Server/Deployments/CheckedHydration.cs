using System.Text.Json;
using Serverless.Core.Json;
using Serverless.Core.Schemas;

namespace Serverless.Server.Deployments;

/// <summary>Resolves parameters that say how their value is made, and checks the values as every body is checked.</summary>
internal static class CheckedHydration
{
    /// <summary>The parameters with their values.</summary>
    /// <exception cref="HydrationException">A value cannot be made, or no body may hold it.</exception>
    public static IReadOnlyDictionary<string, JsonElement> Hydrate(IReadOnlyDictionary<string, JsonElement> given)
    {
        var made = ParameterHydration.Hydrate(given);
        if (ReferenceEquals(made, given))
        {
            return made;
        }

        var json = JsonSerializer.SerializeToUtf8Bytes(made, WireJson.TypeInfo<IReadOnlyDictionary<string, JsonElement>>());
        return JsonScan.Check(json, out _) is { } flaw
            ? throw new HydrationException($"Invalid JSON: {flaw.Message} (in parameters.{string.Join('.', flaw.Path)})")
            : made;
    }
}
