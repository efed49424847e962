using System.Net.WebSockets;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Serverless.Api.Http;
using Serverless.Api.Http.Binding;
using Serverless.Core.Filters;
using Serverless.Core.Json;
using Serverless.Core.Models;
using Serverless.Server;
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

            if (await FilterAsync(socket, first, memory) is not { } filter)
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

    private static async Task SendAsync(PrefectSocket socket, LiveLog lines, IRowStore store)
    {
        using CancellationTokenSource gone = new();
        var answer = socket.ReceiveAsync();
        while (true)
        {
            var more = lines.WaitAsync(gone.Token).AsTask();
            while (await Task.WhenAny(more, answer) == answer)
            {
                if (await answer is null)
                {
                    await gone.CancelAsync();
                    await ((Task)more).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                    return;
                }

                // What the client says besides is of no matter, as in Prefect.
                answer = socket.ReceiveAsync();
            }

            // Nobody is shown a line that a loss of power could undo.
            await store.WhenDurableAsync();
            while (lines.TryTake() is { } line)
            {
                if (!await socket.SendAsync(Message(line)))
                {
                    return;
                }
            }
        }
    }

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

    /// <summary>The filter that the client sends first; null when the socket has been closed for it.</summary>
    private static async Task<LogFilter?> FilterAsync(PrefectSocket socket, ReadOnlyMemory<byte> message, RequestMemory memory)
    {
        try
        {
            using var lease = memory.Open();
            if (SocketMessage.TypeOf(message) != "filter")
            {
                await socket.CloseAsync(WebSocketCloseStatus.ProtocolError, "Expected 'filter' message");
                return null;
            }

            if (RequestBody.Parse(SocketMessage.Member(message, "filter"), BodyType<LogFilter>.Json, lease) is { } filter)
            {
                return filter;
            }

            await socket.CloseAsync(WebSocketCloseStatus.ProtocolError, "Invalid filter: Field required");
        }
        catch (InvalidRequestException wrong)
        {
            var error = wrong.Errors[0];
            await socket.CloseAsync(
                WebSocketCloseStatus.ProtocolError,
                $"Invalid filter: {string.Join('.', error.Location.Skip(1))}: {error.Message}"
            );
        }
        catch (OverloadedException busy)
        {
            await socket.CloseAsync(PrefectSocket.TryAgainLater, busy.Message);
        }

        return null;
    }
}
