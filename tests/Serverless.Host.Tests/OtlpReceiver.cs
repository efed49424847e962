using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Serverless.Testing;

namespace Serverless.Host.Tests;

/// <summary>A collector that takes what it is sent over HTTP and keeps it as it came.</summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Lock _lock = new();
    private readonly List<(string Path, byte[] Body)> _received = [];
    private TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private OtlpReceiver(WebApplication app) => _app = app;

    public Uri Address => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());

    public static async Task<OtlpReceiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        OtlpReceiver receiver = new(app);
        app.MapPost("/{**path}", receiver.TakeAsync);
        await app.StartAsync();
        return receiver;
    }

    /// <summary>Waits for a message.</summary>
    public async Task WhenAsync(string path, Func<byte[], bool> isIt)
    {
        using CancellationTokenSource patience = new(Waiting.Patience);
        while (true)
        {
            Task next;
            lock (_lock)
            {
                if (_received.Exists(message => message.Path == path && isIt(message.Body)))
                {
                    return;
                }

                next = _next.Task;
            }

            await next.WaitAsync(patience.Token);
        }
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task TakeAsync(HttpContext http)
    {
        using MemoryStream body = new();
        await http.Request.Body.CopyToAsync(body);
        lock (_lock)
        {
            _received.Add((http.Request.Path, body.ToArray()));
            _next.SetResult();
            _next = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        // An empty answer is an empty message of the protocol: all was taken.
        http.Response.ContentType = "application/x-protobuf";
    }
}
