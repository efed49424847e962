using System.Net.WebSockets;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Serverless.Api.Http.Binding;
using Serverless.Api.Sockets;
using Serverless.Core.Filters;
using Serverless.Server.Events;
using Serverless.Server.Queries;
using Serverless.Storage;

namespace Serverless.Api.Events;

/// <summary>
/// The websocket by which clients follow events: the client sends a filter, and gets the events that are kept and those that happen from
/// then on.
/// </summary>
internal static class EventsOutSocket
{
    /// <summary>The handler of the endpoint.</summary>
    public static async Task TakeAsync(HttpContext http, LiveEvents events, IRowStore store, RequestMemory memory)
    {
        // A client that has shaken hands may have something happen before its filter is read, and expects to hear of it.
        IDisposable? watch = null;
        try
        {
            if (await PrefectSocket.AcceptAsync(http, BodyLimit.Small, () => watch = events.Watch()) is { } socket)
            {
                using (socket)
                {
                    await FollowAsync(socket, events, store, memory);
                }
            }
        }
        finally
        {
            watch?.Dispose();
        }
    }

    private static async Task FollowAsync(PrefectSocket socket, LiveEvents events, IRowStore store, RequestMemory memory)
    {
        if (
            await socket.ReceiveAsync() is not { } first
            || await SocketFeed.FilterAsync<EventFilter>(socket, first, memory, filter => filter.Flaw()) is not { } filter
        )
        {
            return;
        }

        using var follower = events.Follow(filter, WantsBackfill(first));
        try
        {
            await SocketFeed.SendAsync(socket, follower.WaitAsync, () => SendAsync(socket, follower, events, store));
        }
        catch (RowStoreUnavailableException)
        {
            await socket.CloseAsync(WebSocketCloseStatus.InternalServerError, "Service Unavailable");
        }
    }

    private static async Task<bool> SendAsync(PrefectSocket socket, LiveEventFollower follower, LiveEvents events, IRowStore store)
    {
        var durable = 0L;
        while (follower.TryTake() is { } next)
        {
            if (follower.Place > durable)
            {
                // Nobody is told of a state that a loss of power could undo.
                durable = events.Next;
                await store.WhenDurableAsync();
            }

            if (!await socket.SendAsync(next.Message))
            {
                return false;
            }
        }

        return true;
    }

    private static bool WantsBackfill(ReadOnlyMemory<byte> message)
    {
        using var document = SocketMessage.Read(message);
        return document?.RootElement.TryGetProperty("backfill", out var wanted) != true
            || wanted.ValueKind is not (JsonValueKind.False or JsonValueKind.Null);
    }
}
