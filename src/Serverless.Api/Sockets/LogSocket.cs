using System.Net.WebSockets;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Serverless.Api.Http.Binding;
using Serverless.Core.Filters;
using Serverless.Core.Json;
using Serverless.Core.Models;
using Serverless.Server.Logs;
using Serverless.Server.Queries;
using Serverless.Storage;

namespace Serverless.Api.Sockets;

/// <summary>
/// The websocket by which clients follow logs: the client sends a filter, and gets the lines that are stored from then on.
/// </summary>
internal static class LogSocket
{
    /// <summary>The handler of the endpoint.</summary>
    public static async Task TakeAsync(HttpContext http, LiveLogs logs, IRowStore store, RequestMemory memory)
    {
        if (await PrefectSocket.AcceptAsync(http, BodyLimit.Small) is not { } socket)
        {
            return;
        }

        using (socket)
        {
            if (await socket.ReceiveAsync() is not { } first)
            {
                return;
            }

            if (await SocketFeed.FilterAsync<LogFilter>(socket, first, memory) is not { } filter)
            {
                return;
            }

            using var lines = logs.Follow(filter);
            try
            {
                await SendAsync(socket, lines, store);
            }
            catch (RowStoreUnavailableException)
            {
                await socket.CloseAsync(WebSocketCloseStatus.InternalServerError, "Service Unavailable");
            }
        }
    }

    private static Task SendAsync(PrefectSocket socket, LiveLog lines, IRowStore store) =>
        SocketFeed.SendAsync(
            socket,
            more => lines.WaitAsync(more).AsTask(),
            async () =>
            {
                // Nobody is shown a line that a loss of power could undo.
                await store.WhenDurableAsync();
                while (lines.TryTake() is { } line)
                {
                    if (!await socket.SendAsync(Message(line)))
                    {
                        return false;
                    }
                }

                return true;
            }
        );

    private static byte[] Message(Log line)
    {
        using MemoryStream message = new();
        using (Utf8JsonWriter writer = new(message, new JsonWriterOptions { Encoder = WireJson.Encoder }))
        {
            writer.WriteStartObject();
            writer.WriteString("type", "log");
            writer.WritePropertyName("log");
            JsonSerializer.Serialize(writer, line, WireJson.TypeInfo<Log>());
            writer.WriteEndObject();
        }

        return message.ToArray();
    }
}
