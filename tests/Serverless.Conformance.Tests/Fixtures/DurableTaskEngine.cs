using System.Net;
using System.Net.Sockets;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Testing;

namespace Serverless.Conformance.Tests.Fixtures;

/// <summary>DurableTask's own engine: its core and its worker, with a store in memory behind a loopback gRPC service.</summary>
public sealed class DurableTaskEngine : IDurableEngine, IAsyncLifetime
{
    private DurableTaskTestHost? _host;

    public bool IsOurs => false;

    public DurableTaskClient Client => _host?.Client ?? throw new InvalidOperationException("The engine has not started.");

    public async Task InitializeAsync() =>
        _host = await DurableTaskTestHost.StartAsync(ScriptCatalog.Register, new DurableTaskTestHostOptions { Port = FreePort() });

    public Task ReplayAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_host is not null)
        {
            await _host.DisposeAsync();
        }
    }

    // The host would draw a port blindly.
    private static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
