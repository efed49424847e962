using System.Net.WebSockets;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Serverless.Api.Http;
using Serverless.Api.Http.Binding;
using Serverless.Api.Sockets;
using Serverless.Core.Models;
using Serverless.Server;
using Serverless.Server.Events;
using Serverless.Server.Queries;
using Serverless.Storage;

namespace Serverless.Api.Events;

/// <summary>
/// The websocket by which Prefect's clients send events, one after the other. An event is stored before the next message is read, and so
/// before a ping that follows it is answered: what a client takes for confirmed survives the process.
/// </summary>
internal sealed partial class EventSocket
{
    /// <summary>The handler of the endpoint.</summary>
    public static async Task TakeAsync(HttpContext http, EventIntake intake, RequestMemory memory, ILogger<EventSocket> logger)
    {
        if (await PrefectSocket.AcceptAsync(http, BodyLimit.Values) is not { } socket)
        {
            return;
        }

        using (socket)
        {
            try
            {
                while (await socket.ReceiveAsync() is { } message)
                {
                    await TakeAsync(message, intake, memory, logger, CancellationToken.None);
                }
            }
            catch (RowStoreUnavailableException)
            {
                // The client connects again, and sends once more what was not confirmed.
                await socket.CloseAsync(WebSocketCloseStatus.InternalServerError, "Service Unavailable");
            }
            catch (OverloadedException busy)
            {
                await socket.CloseAsync(PrefectSocket.TryAgainLater, busy.Message);
            }
        }
    }

    /// <summary>A message that is no event is passed over: closing the socket would have the client send it again and again.</summary>
    private static async Task TakeAsync(
        ReadOnlyMemory<byte> message,
        EventIntake intake,
        RequestMemory memory,
        ILogger logger,
        CancellationToken cancellationToken
    )
    {
        using var lease = memory.Open();
        Event? reported;
        try
        {
            reported = RequestBody.Parse(message, BodyType<Event>.Json, lease);
            if (reported is null)
            {
                LogNoEvent(logger, "it is empty");
                return;
            }

            EventRules.Check(reported);
        }
        catch (InvalidRequestException wrong)
        {
            LogNoEvent(logger, string.Join("; ", wrong.Errors.Select(error => $"{string.Join('.', error.Location)}: {error.Message}")));
            return;
        }

        await intake.TakeAsync(reported, cancellationToken);
    }

    [LoggerMessage(LogLevel.Warning, "A message to /events/in is passed over, since it is no event: {Flaw}.")]
    private static partial void LogNoEvent(ILogger logger, string flaw);
}
