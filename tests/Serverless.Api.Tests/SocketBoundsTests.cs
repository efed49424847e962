using Microsoft.Extensions.DependencyInjection;
using Serverless.Api.Sockets;
using Serverless.Server.Queries;
using Serverless.Testing;

namespace Serverless.Api.Tests;

/// <summary>How many websockets there may be, and how much memory their messages may take.</summary>
public sealed class SocketBoundsTests
{
    private const string Path = "/api/events/in";

    [Fact]
    public async Task Connect_TooManyAreOpen_IsRefusedUntilOneEnds()
    {
        await using var server = await ApiServer.StartAsync(services => services.AddSingleton(new SocketOptions { Max = 2 }));
        using var first = await ClientSocket.ConnectAsync(server, Path);
        using var second = await ClientSocket.ConnectAsync(server, "/api/logs/out");

        var refused = await Should.ThrowAsync<InvalidOperationException>(() => ClientSocket.ConnectAsync(server, Path));
        refused.Message.ShouldContain("503");

        await first.CloseAsync();
        using CancellationTokenSource patience = new(Waiting.Patience);
        ClientSocket? third = null;
        while (third is null)
        {
            patience.Token.ThrowIfCancellationRequested();
            try
            {
                third = await ClientSocket.ConnectAsync(server, Path);
            }
            catch (InvalidOperationException)
            {
                // The server has not come to an end with the first one yet.
                await Task.Yield();
            }
        }

        third.Dispose();
    }

    [Fact]
    public async Task Receive_MemoryIsTaken_LongMessageClosesTheSocket()
    {
        await using var server = await ApiServer.StartAsync();
        var memory = server.Get<RequestMemory>();
        using var socket = await ClientSocket.ConnectAsync(server, Path);
        using var others = memory.Open();
        others.Take(memory.Limit - 10_000);

        await socket.SendAsync(new string(' ', 50_000));

        (await socket.ClosedAsync()).ShouldBe((1013, "Too many large requests at once: try again in a moment."));
    }

    [Fact]
    public async Task Receive_MessageIsHandled_GivesItsMemoryBack()
    {
        await using var server = await ApiServer.StartAsync();
        var memory = server.Get<RequestMemory>();
        using (var socket = await ClientSocket.ConnectAsync(server, Path))
        {
            await socket.SendAsync(new string(' ', 500_000));
            await socket.SendAsync("{}");
            await socket.CloseAsync();
        }

        using CancellationTokenSource patience = new(Waiting.Patience);
        while (memory.Held > 0)
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
