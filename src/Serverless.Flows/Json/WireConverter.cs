using System.Text.Json;
using System.Text.Json.Serialization;
using Serverless.Core.Json;

namespace Serverless.Flows;

/// <summary>Writes what has a form on the wire in that form, also inside authors' values.</summary>
/// <typeparam name="T">The type.</typeparam>
internal sealed class WireConverter<T> : JsonConverter<T>
    where T : class
{
    /// <inheritdoc/>
    public override T? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        JsonSerializer.Deserialize(ref reader, WireJson.TypeInfo<T>());

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(writer, value, WireJson.TypeInfo<T>());
}
