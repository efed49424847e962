using System.Text.Json;
using System.Text.Json.Serialization;
using Serverless.Core.Json;
using Serverless.Core.States;

namespace Serverless.Flows;

/// <summary>Writes a state in its form on the wire, also inside authors' values. Only the state of a run has an id and a time.</summary>
internal sealed class RunStateConverter : JsonConverter<RunState>
{
    /// <inheritdoc/>
    public override RunState Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var json = JsonElement.ParseValue(ref reader);
        IState? content =
            json.ValueKind == JsonValueKind.Object && json.TryGetProperty("id", out _) && json.TryGetProperty("timestamp", out _)
                ? json.Deserialize(WireJson.TypeInfo<State>())
                : json.Deserialize(WireJson.TypeInfo<ProposedState>());
        return new RunState(content ?? throw new JsonException("A state is an object."));
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, RunState value, JsonSerializerOptions options)
    {
        if (value.Content is State state)
        {
            JsonSerializer.Serialize(writer, state, WireJson.TypeInfo<State>());
        }
        else
        {
            JsonSerializer.Serialize(writer, (ProposedState)value.Content, WireJson.TypeInfo<ProposedState>());
        }
    }
}
