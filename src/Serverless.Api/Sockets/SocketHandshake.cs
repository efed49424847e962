using System.Text.Json;
using Serverless.Api.Security;

namespace Serverless.Api.Sockets;

/// <summary>What the first message of a websocket must be, in the words of Prefect's server for those that are not.</summary>
internal static class SocketHandshake
{
    /// <summary>What is wrong with a first message; null when nothing is.</summary>
    /// <param name="message">The message.</param>
    /// <param name="credentials">What its token must be; null when it need not be anything.</param>
    public static string? Flaw(ReadOnlyMemory<byte> message, ApiCredentials? credentials)
    {
        try
        {
            using var document = JsonDocument.Parse(message);
            var root = document.RootElement;
            if (
                root.ValueKind != JsonValueKind.Object
                || !root.TryGetProperty("type", out var type)
                || type.ValueKind != JsonValueKind.String
                || !type.ValueEquals("auth")
            )
            {
                return "Expected 'auth' message";
            }

            return credentials is null ? null : TokenFlaw(root, credentials);
        }
        catch (Exception noText) when (noText is JsonException or InvalidOperationException)
        {
            return "Expected 'auth' message";
        }
    }

    private static string? TokenFlaw(JsonElement message, ApiCredentials credentials)
    {
        if (!message.TryGetProperty("token", out var token) || IsNothing(token))
        {
            return "Auth required but no token provided";
        }

        return token.ValueKind == JsonValueKind.String && credentials.AreToken(token.GetString()!) ? null : "Invalid token";
    }

    private static bool IsNothing(JsonElement token) =>
        token.ValueKind == JsonValueKind.Null || (token.ValueKind == JsonValueKind.String && token.ValueEquals(""));
}
