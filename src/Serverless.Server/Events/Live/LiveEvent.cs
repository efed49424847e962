using System.Text.Json;
using Serverless.Core.Json;
using Serverless.Core.Models;

namespace Serverless.Server.Events;

/// <summary>An event for those who follow events.</summary>
/// <param name="Event">What happened.</param>
/// <param name="Message">The same as the websocket's message, made once for all of them.</param>
internal sealed record LiveEvent(ReceivedEvent Event, ReadOnlyMemory<byte> Message)
{
    public static LiveEvent Of(ReceivedEvent received)
    {
        using MemoryStream message = new();
        using (Utf8JsonWriter writer = new(message, new JsonWriterOptions { Encoder = WireJson.Encoder }))
        {
            writer.WriteStartObject();
            writer.WriteString("type", "event");
            writer.WritePropertyName("event");
            JsonSerializer.Serialize(writer, received, WireJson.TypeInfo<ReceivedEvent>());
            writer.WriteEndObject();
        }

        return new LiveEvent(received, message.ToArray());
    }
}
