using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Serverless.Core.Json;

/// <summary>Items that the wire writes as a list, or as the only one without a list.</summary>
/// <typeparam name="TAll">All items.</typeparam>
/// <typeparam name="TOne">An item.</typeparam>
internal abstract class OneOrManyConverter<TAll, TOne> : JsonConverter<TAll>
    where TOne : class
{
    public override TAll Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            return Of([ReadOne(ref reader, options)]);
        }

        List<TOne> all = [];
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            all.Add(ReadOne(ref reader, options));
        }

        return Of(all);
    }

    public override void Write(Utf8JsonWriter writer, TAll value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        foreach (var one in ItemsOf(value))
        {
            JsonSerializer.Serialize(writer, one, TypeOf(options));
        }

        writer.WriteEndArray();
    }

    protected abstract TAll Of(IReadOnlyList<TOne> items);

    protected abstract IReadOnlyList<TOne> ItemsOf(TAll all);

    private static TOne ReadOne(ref Utf8JsonReader reader, JsonSerializerOptions options) =>
        JsonSerializer.Deserialize(ref reader, TypeOf(options)) ?? throw new JsonException("An item must not be null.");

    private static JsonTypeInfo<TOne> TypeOf(JsonSerializerOptions options) => (JsonTypeInfo<TOne>)options.GetTypeInfo(typeof(TOne));
}
