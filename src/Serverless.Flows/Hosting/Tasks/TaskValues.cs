using System.Text.Json;

namespace Serverless.Flows.Hosting;

/// <summary>The values of one attempt in result storages: arguments that are read from there, and the value that goes there.</summary>
/// <param name="storages">The storages.</param>
/// <param name="argumentsJson">The arguments as they travel: those that <paramref name="stored"/> names say where their values are.</param>
/// <param name="stored">The names in JSON of such arguments; null for none.</param>
/// <param name="runName">The task run's name, of which the key may be made.</param>
/// <param name="results">What becomes of the value where the task does not say it; null for nothing.</param>
public sealed class TaskValues(
    ResultStorages storages,
    string argumentsJson,
    IReadOnlyList<string>? stored,
    string runName,
    CallResults? results = null
)
{
    /// <summary>One value.</summary>
    internal const string One = "one";

    /// <summary>A list of values, each with one of <see cref="One"/> and <see cref="Value"/>.</summary>
    internal const string Many = "many";

    /// <summary>A value that is not in a storage.</summary>
    internal const string Value = "value";

    /// <summary>Reads the arguments that lie in storages, by their names in JSON; null for none.</summary>
    internal async Task<IReadOnlyDictionary<string, object?>?> ReadAsync(TaskDefinition task, CancellationToken cancellationToken)
    {
        if (stored is null)
        {
            return null;
        }

        Dictionary<string, object?> values = new(StringComparer.Ordinal);
        using var arguments = JsonDocument.Parse(argumentsJson);
        foreach (var parameter in task.Callable.Parameters.Where(parameter => stored.Contains(parameter.WireName, StringComparer.Ordinal)))
        {
            var argument = arguments.RootElement.GetProperty(parameter.WireName);
            values[parameter.WireName] = argument.TryGetProperty(One, out var one)
                ? await storages.ReadAsync(StoredResult.Of(one)!, parameter.Type, cancellationToken)
                : await ReadListAsync(argument.GetProperty(Many), parameter, cancellationToken);
        }

        return values;
    }

    /// <summary>What takes the value of the task; null for a task whose value is no matter of a storage.</summary>
    internal Func<object?, Type, Task<StoredResult>>? Keeper(TaskDefinition task, TaskContext context) =>
        CallResults.PlaceOf(task, results) is not { } place
            ? null
            : (value, type) =>
                storages.WriteAsync(
                    new StoredResult(
                        place.Storage,
                        place.Key.KeyOf(argumentsJson, context, task.Name, runName),
                        place.Serializer,
                        Size: 0,
                        task.Key
                    ),
                    value,
                    type,
                    context.CancellationToken
                );

    private async Task<object?> ReadListAsync(JsonElement items, Binding.CallableParameter parameter, CancellationToken cancellationToken)
    {
        var type = parameter.TypeInfo.ElementType!;
        var array = Array.CreateInstance(type, items.GetArrayLength());
        var index = 0;
        foreach (var item in items.EnumerateArray())
        {
            array.SetValue(
                item.TryGetProperty(One, out var one)
                    ? await storages.ReadAsync(StoredResult.Of(one)!, type, cancellationToken)
                    : item.GetProperty(Value).Deserialize(FlowJson.Options.GetTypeInfo(type)),
                index++
            );
        }

        return parameter.Type.IsAssignableFrom(array.GetType()) ? array : Activator.CreateInstance(parameter.Type, array);
    }
}
