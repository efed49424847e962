using System.Text.Json;
using Serverless.Core.Json;
using Serverless.Core.Schemas;
using Serverless.Server.Variables;

namespace Serverless.Server.Deployments;

/// <summary>Resolves parameters that say how their value is made, and checks the values as every body is checked.</summary>
internal sealed class CheckedHydration(VariableService variables)
{
    /// <summary>The parameters with their values; those of variables as they are now.</summary>
    /// <exception cref="HydrationException">A value cannot be made, or no body may hold it.</exception>
    public async ValueTask<IReadOnlyDictionary<string, JsonElement>> HydrateAsync(
        IReadOnlyDictionary<string, JsonElement> given,
        CancellationToken cancellationToken
    )
    {
        WorkspaceVariables known = new();
        IReadOnlyDictionary<string, JsonElement>? made;
        while ((made = ParameterHydration.TryHydrate(given, known)) is null)
        {
            // The name of a variable may itself be the value of one.
            known.Learn(await variables.ValuesOfAsync(known.Wanted, cancellationToken));
        }

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
