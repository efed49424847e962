using System.Text;
using System.Text.Json;

namespace Serverless.Api.Sockets;

/// <summary>Messages of clients: objects with a <c>type</c>.</summary>
internal static class SocketMessage
{
    /// <summary>The message; null when it is no JSON.</summary>
    public static JsonDocument? Read(ReadOnlyMemory<byte> message)
    {
        try
        {
            return JsonDocument.Parse(message);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>What kind of message it is; null when it says nothing of the kind.</summary>
    public static string? TypeOf(ReadOnlyMemory<byte>? message)
    {
        using var document = message is { } bytes ? Read(bytes) : null;
        return document is null ? null : TypeOf(document.RootElement);
    }

    /// <inheritdoc cref="TypeOf(ReadOnlyMemory{byte}?)"/>
    public static string? TypeOf(JsonElement message) =>
        message.ValueKind == JsonValueKind.Object && message.TryGetProperty("type", out var type) ? Text(type) : null;

    /// <summary>A text; null when it is none, or not one that can be read.</summary>
    public static string? Text(JsonElement value)
    {
        try
        {
            return value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            // Bytes that are no UTF-8, or half of a surrogate pair.
            return null;
        }
    }

    /// <summary>The JSON of a member; nothing when it is not there.</summary>
    public static ReadOnlyMemory<byte> Member(ReadOnlyMemory<byte> message, string name)
    {
        using var document = Read(message);
        return document is { RootElement.ValueKind: JsonValueKind.Object } && document.RootElement.TryGetProperty(name, out var member)
            ? Encoding.UTF8.GetBytes(member.GetRawText())
            : default;
    }
}
