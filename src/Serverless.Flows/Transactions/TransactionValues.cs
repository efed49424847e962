using System.Text.Json;

namespace Serverless.Flows;

/// <summary>Reads the values of transactions.</summary>
internal static class TransactionValues
{
    /// <summary>A value by its name.</summary>
    /// <exception cref="KeyNotFoundException">There is no value of that name.</exception>
    internal static T Get<T>(IReadOnlyDictionary<string, JsonElement>? values, string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return values is not null && values.TryGetValue(name, out var value)
            ? value.Deserialize<T>(FlowJson.Options)!
            : throw new KeyNotFoundException(
                $"The transaction has no value '{name}' "
                    + (values is null ? "(none was set)." : $"(known: {string.Join(", ", values.Keys.Order(StringComparer.Ordinal))}).")
            );
    }
}
