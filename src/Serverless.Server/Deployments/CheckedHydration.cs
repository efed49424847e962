using System.Text.Json;
using Serverless.Core.Json;
using Serverless.Core.Schemas;
using Serverless.Server.Api;

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
        return BodyScan.Check(json, out _) is { } error
            ? throw new HydrationException($"Invalid JSON: {error.Message} (in parameters.{string.Join('.', error.Location.Skip(1))})")
            : made;
    }
}
