using System.Buffers;
using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Serverless.Api.Http;
using Serverless.Api.Security;
using Serverless.Server;
using Serverless.Server.Queries;

namespace Serverless.Api.Sockets;

/// <summary>
/// The server's end of a websocket of Prefect's clients. One that asks for the subprotocol <c>prefect</c> sends
/// <c>{"type": "auth", "token": …}</c> first, and is answered <c>{"type": "auth_success"}</c>. Where requests must show a secret, that is
/// the token, unless the client has shown it in a header.
/// </summary>
public sealed class PrefectSocket : IDisposable
{
    /// <summary>The code for a client that is to connect again a moment later.</summary>
    internal const WebSocketCloseStatus TryAgainLater = (WebSocketCloseStatus)1013;

    private const string Subprotocol = "prefect";

    // The rest of a close frame, which has at most 125 bytes.
    private const int LongestReason = 123;
    private const int FirstBytes = 4 * 1024;

    /// <summary>Bytes that the first message may have: nobody knows yet who sends it.</summary>
    private const int LongestHandshake = 16 * 1024;

    private static readonly TimeSpan HandshakeTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(2);

    private readonly WebSocket _socket;
    private readonly int _longest;
    private readonly SocketPlaces _places;
    private readonly RequestMemory.Lease _memory;
    private readonly CancellationTokenSource _end;
    private readonly CancellationTokenRegistration _stop;
    private int _held;

    private PrefectSocket(
        WebSocket socket,
        int longest,
        SocketPlaces places,
        RequestMemory.Lease memory,
        CancellationToken aborted,
        CancellationToken stopping
    )
    {
        _socket = socket;
        _longest = longest;
        _places = places;
        _memory = memory;
        _end = CancellationTokenSource.CreateLinkedTokenSource(aborted);
        _stop = stopping.Register(() => _ = CloseAsync(WebSocketCloseStatus.EndpointUnavailable, "The server stops."));
    }

    /// <summary>How a host takes websockets: a peer that does not answer pings for a minute is gone.</summary>
    public static WebSocketOptions Options { get; } =
        new() { KeepAliveInterval = TimeSpan.FromSeconds(30), KeepAliveTimeout = TimeSpan.FromSeconds(60) };

    /// <summary>
    /// Takes the request for a socket; null when there is none, and then the request has been answered: with 501 by a host that has no
    /// websockets, with 426 when the client asks for none, with 401 when it shows no secret and cannot show one later. Its message counts
    /// as a request does, as long as it is handled.
    /// </summary>
    /// <param name="http">The request.</param>
    /// <param name="longest">Bytes that a message may have.</param>
    /// <param name="begin">Called before the client learns that it is connected; null for nothing.</param>
    /// <exception cref="OverloadedException">There are too many sockets.</exception>
    internal static async Task<PrefectSocket?> AcceptAsync(HttpContext http, int longest, Action? begin = null)
    {
        var credentials = http.RequestServices.GetRequiredService<ApiCredentials>();
        var mustShow = credentials.AreRequired && http.Features.Get<ShownCredentials>() is null;
        if (mustShow && !(http.WebSockets.IsWebSocketRequest && SpeaksPrefect(http)))
        {
            await ApiAuthentication.RefuseAsync(http, credentials);
            return null;
        }

        if (http.Features.Get<IHttpWebSocketFeature>() is null)
        {
            await ApiResults
                .Detail(StatusCodes.Status501NotImplemented, "This host has no websockets: the embedded host has.")
                .ExecuteAsync(http);
            return null;
        }

        if (!http.WebSockets.IsWebSocketRequest)
        {
            http.Response.Headers.Upgrade = "websocket";
            await ApiResults
                .Detail(StatusCodes.Status426UpgradeRequired, "This is a websocket: connect by ws:// or wss://.")
                .ExecuteAsync(http);
            return null;
        }

        var speaksPrefect = SpeaksPrefect(http);
        var places = http.RequestServices.GetRequiredService<SocketPlaces>();
        places.Enter(mustShow);
        try
        {
            if (!speaksPrefect)
            {
                begin?.Invoke();
            }

            var socket = await OpenAsync(http, speaksPrefect, longest, places);
            if (!speaksPrefect || await socket.ShakeHandsAsync(mustShow ? credentials : null, begin))
            {
                return socket;
            }

            socket.Dispose();
            return null;
        }
        finally
        {
            if (mustShow)
            {
                places.KnowStranger();
            }
        }
    }

    /// <summary>The next message; null when the socket has ended. The one before it is not needed any more.</summary>
    public Task<ReadOnlyMemory<byte>?> ReceiveAsync() => ReceiveAsync(_longest);

    /// <summary>Sends a text; false when the socket has ended.</summary>
    public async Task<bool> SendAsync(ReadOnlyMemory<byte> text)
    {
        try
        {
            await _socket.SendAsync(text, WebSocketMessageType.Text, true, _end.Token);
            return true;
        }
        catch (Exception gone) when (gone is WebSocketException or OperationCanceledException or ObjectDisposedException)
        {
            return false;
        }
    }

    /// <summary>Ends the socket; a peer that does not answer is left.</summary>
    public async Task CloseAsync(WebSocketCloseStatus status, string? reason)
    {
        try
        {
            _end.CancelAfter(CloseTimeout);
            if (_socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
            {
                await _socket.CloseOutputAsync(status, Shorten(reason), _end.Token);
            }
        }
        catch (Exception gone) when (gone is WebSocketException or OperationCanceledException or ObjectDisposedException)
        {
            // It has ended by itself.
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stop.Dispose();
        _socket.Dispose();
        _end.Dispose();
        _memory.Dispose();
        _places.Leave();
    }

    /// <summary>Counts the memory of the message that is being read, beyond what each socket has.</summary>
    private void Hold(int bytes)
    {
        _memory.Take(bytes - _held);
        _held = bytes;
    }

    /// <summary>Opens the socket, which leaves its place when it is disposed.</summary>
    private static async Task<PrefectSocket> OpenAsync(HttpContext http, bool speaksPrefect, int longest, SocketPlaces places)
    {
        var services = http.RequestServices;
        try
        {
            return new PrefectSocket(
                await http.WebSockets.AcceptWebSocketAsync(speaksPrefect ? Subprotocol : null),
                longest,
                places,
                services.GetRequiredService<RequestMemory>().Open(),
                http.RequestAborted,
                services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping
            );
        }
        catch
        {
            places.Leave();
            throw;
        }
    }

    private static bool SpeaksPrefect(HttpContext http) => http.WebSockets.WebSocketRequestedProtocols.Contains(Subprotocol);

    private async Task<ReadOnlyMemory<byte>?> ReceiveAsync(int longest)
    {
        _memory.Give(_held);
        _held = 0;
        ArrayBufferWriter<byte> message = new(FirstBytes);
        try
        {
            while (true)
            {
                var free = message.GetMemory(FirstBytes);
                Hold(message.Capacity - FirstBytes);
                var received = await _socket.ReceiveAsync(free, _end.Token);
                if (received.MessageType == WebSocketMessageType.Close)
                {
                    await CloseAsync(WebSocketCloseStatus.NormalClosure, null);
                    return null;
                }

                message.Advance(received.Count);
                if (message.WrittenCount > longest)
                {
                    await CloseAsync(WebSocketCloseStatus.MessageTooBig, $"A message has at most {longest} bytes.");
                    return null;
                }

                if (received.EndOfMessage)
                {
                    return message.WrittenMemory;
                }
            }
        }
        catch (OverloadedException busy)
        {
            await CloseAsync(TryAgainLater, busy.Message);
            return null;
        }
        catch (Exception gone) when (gone is WebSocketException or OperationCanceledException or ObjectDisposedException)
        {
            return null;
        }
    }

    /// <summary>Takes the first message, and answers it.</summary>
    /// <param name="credentials">What the message must show; null for nothing.</param>
    /// <param name="begin">Called before a good answer; null for nothing.</param>
    private async Task<bool> ShakeHandsAsync(ApiCredentials? credentials, Action? begin)
    {
        using CancellationTokenSource patience = new(HandshakeTimeout);
        await using var late = patience.Token.Register(_end.Cancel);
        if (await ReceiveAsync(LongestHandshake) is not { } first)
        {
            return false;
        }

        if (SocketHandshake.Flaw(first, credentials) is { } flaw)
        {
            await CloseAsync(WebSocketCloseStatus.PolicyViolation, flaw);
            return false;
        }

        begin?.Invoke();
        return await SendAsync("{\"type\":\"auth_success\"}"u8.ToArray());
    }

    private static string? Shorten(string? reason)
    {
        while (reason is not null && Encoding.UTF8.GetByteCount(reason) > LongestReason)
        {
            reason = reason[..^(char.IsLowSurrogate(reason[^1]) ? 2 : 1)];
        }

        return reason;
    }
}
