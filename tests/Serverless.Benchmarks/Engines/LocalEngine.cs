using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Serverless.LocalRuntime.Hosting;
using Serverless.Storage;
using Serverless.Storage.Sqlite;

namespace Serverless.Benchmarks.Engines;

/// <summary>Our engine, with its settings as they are unless set.</summary>
internal sealed class LocalEngine : IEngine
{
    private readonly IHost _host;
    private readonly SqliteRowStore _rows;
    private readonly DurableTaskClient _client;

    private LocalEngine(IHost host, SqliteRowStore rows)
    {
        _host = host;
        _rows = rows;
        _client = host.Services.GetRequiredService<DurableTaskClient>();
    }

    public static async Task<IEngine> StartAsync(string folder)
    {
        SqliteRowStore rows = SqliteRowStore.Open(new SqliteRowStoreOptions { Path = Path.Combine(folder, "local.db") });
        HostApplicationBuilder builder = new(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Services.AddSingleton<IRowStore>(rows);
        builder.Services.AddLocalRuntime(options => options.Assemblies.Add(typeof(LocalFunctions).Assembly));
        var host = builder.Build();
        await host.StartAsync();
        return new LocalEngine(host, rows);
    }

    public async Task RunAsync(string orchestration, string id, int input)
    {
        await ScheduleAsync(orchestration, id, input);
        var ended = await _client.WaitForInstanceCompletionAsync(id);
        if (ended.RuntimeStatus != OrchestrationRuntimeStatus.Completed)
        {
            ended = await _client.WaitForInstanceCompletionAsync(id, getInputsAndOutputs: true);
            throw new InvalidOperationException($"Orchestration '{id}' ended {ended.RuntimeStatus}: {ended.FailureDetails?.ErrorMessage}");
        }
    }

    public async Task<string> TryAsync(string orchestration, string id, TimeSpan time)
    {
        await ScheduleAsync(orchestration, id, input: 0);
        using CancellationTokenSource patience = new(time);
        try
        {
            var ended = await _client.WaitForInstanceCompletionAsync(id, getInputsAndOutputs: true, patience.Token);
            return $"{ended.RuntimeStatus}: {ended.FailureDetails?.ErrorMessage}";
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            var now = await _client.GetInstanceAsync(id);
            return $"{now?.RuntimeStatus} after {time.TotalSeconds:N0} s";
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
        await _rows.DisposeAsync();
    }

    private Task<string> ScheduleAsync(string orchestration, string id, int input) =>
        _client.ScheduleNewOrchestrationInstanceAsync(orchestration, input, new StartOrchestrationOptions(id));
}
