using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Serverless.FunctionApp.Tests.Fixtures;

/// <summary>
/// As much of a Functions host as one worker needs: the gRPC service that the worker connects to, and that of the Durable extension.
/// It triggers nothing by itself.
/// </summary>
internal sealed class FunctionsHost : IAsyncDisposable
{
    private readonly Channel<JsonObject> _outgoing = Channel.CreateUnbounded<JsonObject>();
    private readonly ConcurrentDictionary<string, TaskCompletionSource<JsonObject>> _asked = new();
    private readonly TaskCompletionSource<JsonObject> _connected = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly WebApplication _app;

    private FunctionsHost()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2)
        );
        builder.Services.AddGrpc();
        builder.Services.AddSingleton(Durable);
        _app = builder.Build();
        _app.MapGrpcService(ServerServiceDefinition.CreateBuilder().AddMethod(WorkerMessages.EventStream, StreamAsync).Build());
        _app.MapGrpcService<DurableService>();
    }

    /// <summary>Where it listens.</summary>
    public Uri Address => new(_app.Urls.Single());

    /// <summary>What the Durable extension is asked.</summary>
    public DurableService Durable { get; } = new();

    /// <summary>The first message of the worker.</summary>
    public Task<JsonObject> Connected => _connected.Task;

    /// <summary>What the worker logged.</summary>
    public ConcurrentQueue<JsonObject> Logs { get; } = new();

    /// <summary>Starts it on a free port.</summary>
    public static async Task<FunctionsHost> StartAsync()
    {
        FunctionsHost host = new();
        await host._app.StartAsync();
        return host;
    }

    /// <summary>Sends a message that has no answer.</summary>
    public void Tell(string kind, JsonObject content) => _outgoing.Writer.TryWrite(new JsonObject { [kind] = content }).ShouldBeTrue();

    /// <summary>Sends a request, and returns the content of the worker's answer to it.</summary>
    public async Task<JsonObject> AskAsync(string request, JsonObject content, string answer)
    {
        var id = Guid.NewGuid().ToString();
        var answered = _asked[id] = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _outgoing.Writer.TryWrite(new JsonObject { ["requestId"] = id, [request] = content }).ShouldBeTrue();
        return (await answered.Task)[answer]!.AsObject();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _outgoing.Writer.TryComplete();
        await _app.DisposeAsync();
    }

    private async Task StreamAsync(
        IAsyncStreamReader<JsonObject> incoming,
        IServerStreamWriter<JsonObject> outgoing,
        ServerCallContext call
    )
    {
        var sending = SendAllAsync(outgoing, call.CancellationToken);
        await foreach (var message in incoming.ReadAllAsync(call.CancellationToken))
        {
            Take(message);
        }

        await sending;
    }

    private async Task SendAllAsync(IServerStreamWriter<JsonObject> outgoing, CancellationToken cancellationToken)
    {
        await foreach (var message in _outgoing.Reader.ReadAllAsync(cancellationToken))
        {
            await outgoing.WriteAsync(message, cancellationToken);
        }
    }

    private void Take(JsonObject message)
    {
        if (message["startStream"] is JsonObject start)
        {
            _connected.TrySetResult(start);
        }
        else if (message["rpcLog"] is JsonObject log)
        {
            Logs.Enqueue(log);
        }
        else if (_asked.TryRemove((string)message["requestId"]!, out var answered))
        {
            answered.TrySetResult(message);
        }
    }
}
