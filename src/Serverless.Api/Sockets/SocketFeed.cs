using System.Net.WebSockets;
using Serverless.Api.Http;
using Serverless.Api.Http.Binding;
using Serverless.Server;
using Serverless.Server.Queries;

namespace Serverless.Api.Sockets;

/// <summary>
/// What the websockets have in common by which clients follow something: the client sends a filter, and gets what matches.
/// </summary>
internal static class SocketFeed
{
    /// <summary>Reads the filter that the client sends first; null when the socket has been closed for it.</summary>
    /// <param name="socket">The socket.</param>
    /// <param name="message">What the client has sent.</param>
    /// <param name="memory">What the message counts for.</param>
    /// <param name="flawOf">Why a filter cannot be taken; null when it can.</param>
    public static async Task<T?> FilterAsync<T>(
        PrefectSocket socket,
        ReadOnlyMemory<byte> message,
        RequestMemory memory,
        Func<T, string?>? flawOf = null
    )
        where T : class
    {
        try
        {
            using var lease = memory.Open();
            if (SocketMessage.TypeOf(message) != "filter")
            {
                await socket.CloseAsync(WebSocketCloseStatus.ProtocolError, "Expected 'filter' message");
                return null;
            }

            var filter = RequestBody.Parse(SocketMessage.Member(message, "filter"), BodyType<T>.Json, lease);
            var flaw = filter is null ? "Field required" : flawOf?.Invoke(filter);
            if (flaw is null)
            {
                return filter;
            }

            await socket.CloseAsync(WebSocketCloseStatus.ProtocolError, $"Invalid filter: {flaw}");
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

    /// <summary>Sends what there is each time that there is more, until the socket has ended.</summary>
    /// <param name="socket">The socket.</param>
    /// <param name="more">Completes when there is more.</param>
    /// <param name="sendAsync">Sends it; false when the socket has ended.</param>
    public static async Task SendAsync(PrefectSocket socket, Func<CancellationToken, Task> more, Func<Task<bool>> sendAsync)
    {
        using CancellationTokenSource gone = new();
        var answer = socket.ReceiveAsync();
        do
        {
            var next = more(gone.Token);
            while (await Task.WhenAny(next, answer) == answer)
            {
                if (await answer is null)
                {
                    await gone.CancelAsync();
                    await next.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                    return;
                }

                // What the client says besides is of no matter, as in Prefect.
                answer = socket.ReceiveAsync();
            }
        } while (await sendAsync());
    }
}
