using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Testing;
using Serverless.Testing;

namespace Serverless.Conformance.Tests.Fixtures;

/// <summary>DurableTask's own engine: its core and its worker, with a store in memory behind a loopback gRPC service.</summary>
public sealed class DurableTaskEngine : IDurableEngine, IAsyncLifetime
{
    private DurableTaskTestHost? _host;

    public bool IsOurs => false;

    public DurableTaskClient Client => _host?.Client ?? throw new InvalidOperationException("The engine has not started.");

    // It would draw a port blindly.
    public async Task InitializeAsync() =>
        _host = await DurableTaskTestHost.StartAsync(
            ScriptCatalog.Register,
            new DurableTaskTestHostOptions { Port = HostProcess.FreePort() }
        );

    public Task ReplayAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_host is not null)
        {
            await _host.DisposeAsync();
        }
    }
}
