using System.Text.Json;

namespace Serverless.Api.Http;

/// <summary>One thing wrong with a request, in the form and words of pydantic, as Prefect's clients know it.</summary>
/// <param name="Type">What kind of error, such as <c>missing</c>.</param>
/// <param name="Location">Where: <c>body</c> or <c>query</c>, then names and indexes.</param>
/// <param name="Message">What is wrong, for people.</param>
/// <param name="Input">The value that is wrong; null for none.</param>
/// <param name="Context">What the message was made from: a name and its value as JSON; null for none.</param>
internal sealed record RequestError(
    string Type,
    IReadOnlyList<object> Location,
    string Message,
    JsonElement? Input = null,
    KeyValuePair<string, JsonElement>? Context = null
)
{
    public void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("type", Type);
        writer.WriteStartArray("loc");
        foreach (var part in Location)
        {
            if (part is int index)
            {
                writer.WriteNumberValue(index);
            }
            else
            {
                writer.WriteStringValue(Echo.Name((string)part));
            }
        }

        writer.WriteEndArray();
        writer.WriteString("msg", Message);
        writer.WritePropertyName("input");
        Write(writer, Echo.Value(Input));
        if (Context is { } context)
        {
            writer.WriteStartObject("ctx");
            writer.WritePropertyName(context.Key);
            Write(writer, context.Value);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, JsonElement? value)
    {
        if (value is { ValueKind: not JsonValueKind.Undefined } known)
        {
            known.WriteTo(writer);
        }
        else
        {
            writer.WriteNullValue();
        }
    }
}
