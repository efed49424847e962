using System.Buffers;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Serverless.Api.Http;
using Serverless.Api.Security;

namespace Serverless.Api.Sockets;

/// <summary>
/// The server's end of a websocket of Prefect's clients. One that asks for the subprotocol <c>prefect</c> sends
/// <c>{"type": "auth", "token": …}</c> first, and is answered <c>{"type": "auth_success"}</c>. Where requests must show a secret, that is
/// the token, unless the client has shown it in a header.
/// </summary>
public sealed class PrefectSocket : IDisposable
{
    private const string Subprotocol = "prefect";
    private const int FirstBytes = 4 * 1024;

    /// <summary>Bytes that the first message may have: nobody knows yet who sends it.</summary>
    private const int LongestHandshake = 16 * 1024;

    private static readonly TimeSpan HandshakeTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(2);

    private readonly WebSocket _socket;
    private readonly int _longest;
    private readonly CancellationTokenSource _end;
    private readonly CancellationTokenRegistration _stop;

    private PrefectSocket(WebSocket socket, int longest, CancellationToken aborted, CancellationToken stopping)
    {
        _socket = socket;
        _longest = longest;
        _end = CancellationTokenSource.CreateLinkedTokenSource(aborted);
        _stop = stopping.Register(() => _ = CloseAsync(WebSocketCloseStatus.EndpointUnavailable, "The server stops."));
    }

    /// <summary>How a host takes websockets: a peer that does not answer pings for a minute is gone.</summary>
    public static WebSocketOptions Options { get; } =
        new() { KeepAliveInterval = TimeSpan.FromSeconds(30), KeepAliveTimeout = TimeSpan.FromSeconds(60) };

    /// <summary>
    /// Takes the request for a socket; null when there is none, and then the request has been answered: with 501 by a host that has no
    /// websockets, with 426 when the client asks for none, with 401 when it shows no secret and cannot show one later.
    /// </summary>
    /// <param name="http">The request.</param>
    /// <param name="longest">Bytes that a message may have.</param>
    internal static async Task<PrefectSocket?> AcceptAsync(HttpContext http, int longest)
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
        PrefectSocket socket = new(
            await http.WebSockets.AcceptWebSocketAsync(speaksPrefect ? Subprotocol : null),
            longest,
            http.RequestAborted,
            http.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping
        );
        if (!speaksPrefect || await socket.ShakeHandsAsync(mustShow ? credentials : null))
        {
            return socket;
        }

        socket.Dispose();
        return null;
    }

    /// <summary>The next message; null when the socket has ended.</summary>
    public Task<ReadOnlyMemory<byte>?> ReceiveAsync() => ReceiveAsync(_longest);

    /// <summary>Ends the socket; a peer that does not answer is left.</summary>
    public async Task CloseAsync(WebSocketCloseStatus status, string? reason)
    {
        try
        {
            _end.CancelAfter(CloseTimeout);
            if (_socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
            {
                await _socket.CloseOutputAsync(status, reason, _end.Token);
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
    }

    private static bool SpeaksPrefect(HttpContext http) => http.WebSockets.WebSocketRequestedProtocols.Contains(Subprotocol);

    private async Task<ReadOnlyMemory<byte>?> ReceiveAsync(int longest)
    {
        ArrayBufferWriter<byte> message = new(FirstBytes);
        try
        {
            while (true)
            {
                var received = await _socket.ReceiveAsync(message.GetMemory(FirstBytes), _end.Token);
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
        catch (Exception gone) when (gone is WebSocketException or OperationCanceledException)
        {
            return null;
        }
    }

    /// <summary>Takes the first message, and answers it.</summary>
    /// <param name="credentials">What the message must show; null for nothing.</param>
    private async Task<bool> ShakeHandsAsync(ApiCredentials? credentials)
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

        try
        {
            await _socket.SendAsync("{\"type\":\"auth_success\"}"u8.ToArray(), WebSocketMessageType.Text, true, _end.Token);
            return true;
        }
        catch (Exception gone) when (gone is WebSocketException or OperationCanceledException)
        {
            return false;
        }
    }
}
