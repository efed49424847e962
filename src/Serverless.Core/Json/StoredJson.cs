using System.Collections;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Serverless.Core.Json;

/// <summary>JSON as stored in rows: the wire's form without nulls, defaults and empty collections.</summary>
public static class StoredJson
{
    /// <summary>The options, made once.</summary>
    public static JsonSerializerOptions Options { get; } = MakeOptions();

    /// <summary>The document of <paramref name="value"/> in UTF-8.</summary>
    public static byte[] Serialize<T>(T value) => JsonSerializer.SerializeToUtf8Bytes(value, Cache<T>.TypeInfo);

    /// <summary>The value of a document in UTF-8.</summary>
    /// <exception cref="JsonException">The document is not one of <typeparamref name="T"/>.</exception>
    public static T Deserialize<T>(ReadOnlySpan<byte> document) =>
        JsonSerializer.Deserialize(document, Cache<T>.TypeInfo) ?? throw new JsonException($"No {typeof(T).Name} in the document.");

    private static JsonSerializerOptions MakeOptions()
    {
        var options = new JsonSerializerOptions(StoredContext.Default.Options)
        {
            TypeInfoResolver = StoredContext.Default.WithAddedModifier(LeaveOutEmpty),
            Encoder = PlainJsonEncoder.Instance,
            MaxDepth = JsonDepth.MaxStored,
        };
        options.MakeReadOnly();
        return options;
    }

    // Getters give an empty collection (or false) for what was never set; storing it would cost bytes and say nothing.
    private static void LeaveOutEmpty(JsonTypeInfo type)
    {
        foreach (var property in type.Properties)
        {
            if (property.IsRequired)
            {
                continue;
            }

            if (property.Name is "deferred" or "resuming")
            {
                property.ShouldSerialize = static (_, value) => value is true;
            }
            else if (typeof(IEnumerable).IsAssignableFrom(property.PropertyType) && property.PropertyType != typeof(string))
            {
                property.ShouldSerialize = static (_, value) => value is IEnumerable items && Any(items);
            }
        }
    }

    private static bool Any(IEnumerable items)
    {
        var enumerator = items.GetEnumerator();
        try
        {
            return enumerator.MoveNext();
        }
        finally
        {
            (enumerator as IDisposable)?.Dispose();
        }
    }

    private static class Cache<T>
    {
        public static readonly JsonTypeInfo<T> TypeInfo = (JsonTypeInfo<T>)Options.GetTypeInfo(typeof(T));
    }
}
