using System.Net.WebSockets;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Serverless.Api.Http.Binding;
using Serverless.Core.Json;
using Serverless.Core.Models;
using Serverless.Server;
using Serverless.Server.Queries;
using Serverless.Server.Runs;
using Serverless.Storage;

namespace Serverless.Api.Sockets;

/// <summary>
/// The websocket by which task workers get background task runs, one after the other: the worker says which tasks it runs, and acknowledges
/// each task run before it gets the next one.
/// </summary>
internal sealed partial class TaskRunSocket
{
    /// <summary>Prefect's code for a message that is not expected.</summary>
    private const WebSocketCloseStatus Violation = (WebSocketCloseStatus)4001;

    private const int MostTasks = 1000;

    /// <summary>The handler of the endpoint.</summary>
    public static async Task TakeAsync(
        HttpContext http,
        TaskWorkers workers,
        IRowStore store,
        RequestMemory memory,
        ILogger<TaskRunSocket> logger
    )
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

            if (Subscription(first, out var clientId, out var taskKeys) is { } wrong)
            {
                await socket.CloseAsync(Violation, $"Protocol violation: {wrong}");
                return;
            }

            using var connection = workers.Connect(clientId, taskKeys);
            LogConnected(logger, clientId, taskKeys.Count);
            try
            {
                while (await ServeAsync(socket, connection, store, memory)) { }
            }
            catch (RowStoreUnavailableException)
            {
                // The worker connects again.
                await socket.CloseAsync(WebSocketCloseStatus.InternalServerError, "Service Unavailable");
            }
            catch (OverloadedException busy)
            {
                await socket.CloseAsync(PrefectSocket.TryAgainLater, busy.Message);
            }
        }
    }

    /// <summary>Gives the worker one task run; false when the socket has ended.</summary>
    private static async Task<bool> ServeAsync(PrefectSocket socket, TaskWorkerConnection connection, IRowStore store, RequestMemory memory)
    {
        using CancellationTokenSource gone = new();
        var next = connection.NextAsync(gone.Token);
        var answer = socket.ReceiveAsync();
        if (await Task.WhenAny(next, answer) == answer)
        {
            await gone.CancelAsync();
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return await EndAsync(socket, await answer);
        }

        var run = await next;
        await store.WhenDurableAsync();
        using (var lease = memory.Open())
        {
            var message = JsonSerializer.SerializeToUtf8Bytes(run, WireJson.TypeInfo<TaskRun>());
            lease.Take(message.Length);
            if (!await socket.SendAsync(message))
            {
                return false;
            }
        }

        var acknowledged = await answer;
        var type = SocketMessage.TypeOf(acknowledged);
        if (type is "ack" or "quit")
        {
            connection.Acknowledge(run);
        }

        return type == "ack" || await EndAsync(socket, acknowledged);
    }

    private static async Task<bool> EndAsync(PrefectSocket socket, ReadOnlyMemory<byte>? message)
    {
        if (message is not null)
        {
            var quits = SocketMessage.TypeOf(message) == "quit";
            await socket.CloseAsync(
                quits ? WebSocketCloseStatus.NormalClosure : Violation,
                quits ? null : "Protocol violation: expected 'ack' message"
            );
        }

        return false;
    }

    /// <summary>Null when the message is a subscription; otherwise what is wrong with it.</summary>
    private static string? Subscription(ReadOnlyMemory<byte> message, out string clientId, out IReadOnlyList<string> taskKeys)
    {
        (clientId, taskKeys) = (string.Empty, []);
        using var document = SocketMessage.Read(message);
        if (document is null || SocketMessage.TypeOf(document.RootElement) != "subscribe")
        {
            return "expected 'subscribe' message";
        }

        if (
            !document.RootElement.TryGetProperty("keys", out var keys)
            || keys.ValueKind != JsonValueKind.Array
            || keys.GetArrayLength() is 0 or > MostTasks
            || keys.EnumerateArray().Any(key => Name(key) is null)
        )
        {
            return "expected 'keys' in subscribe message";
        }

        if (!document.RootElement.TryGetProperty("client_id", out var id) || Name(id) is not { Length: > 0 } name)
        {
            return "expected 'client_id' in subscribe message";
        }

        clientId = name;
        taskKeys = [.. keys.EnumerateArray().Select(key => Name(key)!)];
        return null;
    }

    private static string? Name(JsonElement value) => SocketMessage.Text(value) is { Length: <= BodyRules.LongestText } name ? name : null;

    [LoggerMessage(LogLevel.Debug, "The task worker {Client} takes runs of {Count} tasks.")]
    private static partial void LogConnected(ILogger logger, string client, int count);
}
