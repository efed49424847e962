using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Serverless.Core.Models;

namespace Serverless.Core.Json;

/// <summary>Writes an entry of a graph as <c>[id, node]</c>. Nobody sends one.</summary>
internal sealed class GraphEntryConverter : JsonConverter<GraphEntry>
{
    /// <inheritdoc/>
    public override GraphEntry Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new NotSupportedException("Graphs are answers only.");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, GraphEntry value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        writer.WriteStringValue(value.Id);
        JsonSerializer.Serialize(writer, value.Node, (JsonTypeInfo<GraphNode>)options.GetTypeInfo(typeof(GraphNode)));
        writer.WriteEndArray();
    }
}
