using System.Buffers;
using System.Text;
using System.Text.Json;
using Serverless.Flows.Binding;
using Serverless.Flows.Results;

namespace Serverless.Flows.Hosting;

/// <summary>The result storages and serializers of the app, by name.</summary>
public sealed class ResultStorages
{
    private readonly Dictionary<string, IResultStorage> _storages = new(StringComparer.Ordinal);
    private readonly Dictionary<string, IResultSerializer> _serializers = new(StringComparer.Ordinal)
    {
        [JsonResultSerializer.Plain] = new JsonResultSerializer(compress: false),
        [JsonResultSerializer.Compressed] = new JsonResultSerializer(compress: true),
    };

    internal ResultStorages(IEnumerable<NamedResultStorage> storages, IEnumerable<NamedResultSerializer> serializers)
    {
        foreach (var storage in storages)
        {
            Problems.AddRange(ProblemOf("result storage", storage.Name, _storages.TryAdd(storage.Name, storage.Storage)));
        }

        foreach (var serializer in serializers)
        {
            Problems.AddRange(ProblemOf("result serializer", serializer.Name, _serializers.TryAdd(serializer.Name, serializer.Serializer)));
        }
    }

    /// <summary>What is wrong with the names.</summary>
    internal List<string> Problems { get; } = [];

    /// <summary>What is wrong with the names that a task or flow uses.</summary>
    internal IEnumerable<string> ProblemsOf(RunnableDefinition task)
    {
        if (task.Results is not { } results)
        {
            yield break;
        }

        if (!_storages.ContainsKey(results.Storage))
        {
            yield return $"{task.Target} ({task.Key}): ResultStorage is '{results.Storage}'; expected a storage that is registered "
                + $"(known: {Names(_storages.Keys)}): services.AddResultStorage(\"{results.Storage}\", …).";
        }

        if (!_serializers.ContainsKey(results.Serializer))
        {
            yield return $"{task.Target} ({task.Key}): ResultSerializer is '{results.Serializer}'; expected a serializer that is "
                + $"registered (known: {Names(_serializers.Keys)}).";
        }
    }

    /// <summary>Stores a value.</summary>
    /// <param name="place">Where to; the size is not known yet.</param>
    /// <param name="value">The value.</param>
    /// <param name="type">Its declared type.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    /// <returns>Where it is.</returns>
    /// <exception cref="StoredResultException">The app does not know the storage or serializer any more.</exception>
    internal async Task<StoredResult> WriteAsync(StoredResult place, object? value, Type type, CancellationToken cancellationToken)
    {
        var serializer = SerializerOf(place);
        var size = await StorageOf(place)
            .WriteAsync(place.StorageKey, (stream, token) => serializer.WriteAsync(stream, value, type, token), cancellationToken);
        return place with { Size = size };
    }

    /// <summary>Stores the value of a flow.</summary>
    /// <param name="flow">The flow; null if the app does not have it any more.</param>
    /// <param name="place">Where to; the size is not known yet.</param>
    /// <param name="json">The value as JSON.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    /// <returns>Where it is.</returns>
    /// <exception cref="StoredResultException">The app does not know the storage or serializer any more.</exception>
    public Task<StoredResult> WriteJsonAsync(RunnableDefinition? flow, StoredResult place, string json, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(place);
        var type = SerializerOf(place) is JsonResultSerializer ? typeof(JsonElement) : flow?.ValueType ?? typeof(JsonElement);
        var value = JsonSerializer.Deserialize(json, FlowJson.Options.GetTypeInfo(type));
        return WriteAsync(place, value, type, cancellationToken);
    }

    /// <summary>Reads a value.</summary>
    /// <param name="stored">Where it is.</param>
    /// <param name="type">The type that is wanted.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The value.</returns>
    /// <exception cref="StoredResultException">It is not there any more, or the app does not know its storage or serializer.</exception>
    public async Task<object?> ReadAsync(StoredResult stored, Type type, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(stored);
        var serializer = SerializerOf(stored);
        await using var stream = await OpenAsync(stored, cancellationToken);
        return await serializer.ReadAsync(stream, type, cancellationToken);
    }

    /// <summary>Whether a value is there.</summary>
    /// <param name="stored">Where it is.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>False also when the app does not know its storage.</returns>
    public async Task<bool> ExistsAsync(StoredResult stored, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(stored);
        return _storages.TryGetValue(stored.Storage, out var storage) && await storage.ExistsAsync(stored.StorageKey, cancellationToken);
    }

    /// <summary>A value as JSON, for a flow's body.</summary>
    /// <param name="task">The task or flow that made it.</param>
    /// <param name="stored">Where it is.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The JSON.</returns>
    /// <exception cref="StoredResultException">It is not there any more, or the app does not know its storage or serializer.</exception>
    /// <exception cref="PayloadLimitException">It is larger than what a flow's history takes.</exception>
    public async Task<string> ReadJsonAsync(RunnableDefinition task, StoredResult stored, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(stored);
        var serializer = SerializerOf(stored);
        await using var stream = await OpenAsync(stored, cancellationToken);
        if (serializer is not JsonResultSerializer json)
        {
            var type = task.ValueType ?? typeof(JsonElement);
            var value = await serializer.ReadAsync(stream, type, cancellationToken);
            return BoundedJson.Write(value, FlowJson.Options.GetTypeInfo(type), () => NameOf(task));
        }

        await using var text = json.OpenJson(stream);
        using StreamReader reader = new(text, Encoding.UTF8);
        StringBuilder read = new();
        var buffer = ArrayPool<char>.Shared.Rent(1 << 16);
        try
        {
            while (await reader.ReadAsync(buffer, cancellationToken) is > 0 and var count)
            {
                read.Append(buffer, 0, count);
                if (read.Length > PayloadLimitException.MaxCharacters)
                {
                    throw PayloadLimitException.Of(
                        NameOf(task),
                        length: null,
                        PayloadLimitException.MaxCharacters,
                        "It is in a result storage: pass future.AsArgument() to a task, which reads it from there."
                    );
                }
            }
        }
        finally
        {
            ArrayPool<char>.Shared.Return(buffer);
        }

        return read.ToString();
    }

    /// <summary>A value as JSON, for a client; of any size.</summary>
    /// <param name="task">The task or flow that made it; null if the app does not have it any more.</param>
    /// <param name="stored">Where it is.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Writes the JSON to a stream.</returns>
    /// <exception cref="StoredResultException">It is not there any more, or the app does not know its storage or serializer.</exception>
    public async Task<Func<Stream, CancellationToken, Task>> OpenJsonAsync(
        RunnableDefinition? task,
        StoredResult stored,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(stored);
        var serializer = SerializerOf(stored);
        var stream = await OpenAsync(stored, cancellationToken);
        return async (output, token) =>
        {
            await using var source = stream;
            if (serializer is JsonResultSerializer json)
            {
                await using var text = json.OpenJson(source);
                await text.CopyToAsync(output, token);
                return;
            }

            var type = task?.ValueType ?? typeof(JsonElement);
            var value = await serializer.ReadAsync(source, type, token);
            await JsonSerializer.SerializeAsync(output, value, FlowJson.Options.GetTypeInfo(type), token);
        };
    }

    private static string NameOf(RunnableDefinition task) => $"The result of {task.Target}";

    private static string Names(IEnumerable<string> names) =>
        string.Join(", ", names.Order(StringComparer.Ordinal)) is { Length: > 0 } all ? all : "none";

    private static IEnumerable<string> ProblemOf(string what, string name, bool isAdded)
    {
        if (!isAdded)
        {
            yield return $"Two {what}s are named '{name}': expected one of each name.";
        }
    }

    private IResultSerializer SerializerOf(StoredResult stored) =>
        _serializers.TryGetValue(stored.Serializer, out var serializer)
            ? serializer
            : throw StoredResultException.Of(stored, $"the app has no result serializer '{stored.Serializer}'");

    private IResultStorage StorageOf(StoredResult stored) =>
        _storages.TryGetValue(stored.Storage, out var storage)
            ? storage
            : throw StoredResultException.Of(stored, "the app has no such storage");

    private async Task<Stream> OpenAsync(StoredResult stored, CancellationToken cancellationToken) =>
        await StorageOf(stored).OpenAsync(stored.StorageKey, cancellationToken)
        ?? throw StoredResultException.Of(stored, "there is nothing under this key any more");
}
