using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;
using Serverless.LocalRuntime.Tests.Fixtures;

namespace Serverless.Conformance.Tests.Fixtures;

/// <summary>The engine of this project, on rows in memory and the system's clock.</summary>
public sealed class LocalEngine : IDurableEngine, IAsyncLifetime
{
    private readonly MemoryRowStore _rows = new();
    private TestRuntime? _runtime;

    public bool IsOurs => true;

    public DurableTaskClient Client => Runtime.Client;

    private TestRuntime Runtime => _runtime ?? throw new InvalidOperationException("The engine has not started.");

    public async Task InitializeAsync() =>
        _runtime = await TestRuntime.StartAsync(
            _rows,
            configure: static options => options.IdleTimeout = TimeSpan.FromHours(1),
            services: static services => services.AddSingleton(TimeProvider.System)
        );

    public async Task ReplayAsync()
    {
        await Runtime.DisposeAsync();
        await InitializeAsync();
    }

    public async Task DisposeAsync() => await Runtime.DisposeAsync();
}
