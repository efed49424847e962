using DurableTask.Core;
using Serverless.Storage.Sqlite;

namespace Serverless.Benchmarks.Engines;

/// <summary>DurableTask.Core's worker and client on <see cref="RowOrchestrationService"/>.</summary>
internal sealed class CoreEngine : IEngine
{
    private readonly SqliteRowStore _rows;
    private readonly RowOrchestrationService _service;
    private readonly TaskHubWorker _worker;
    private readonly TaskHubClient _client;

    private CoreEngine(SqliteRowStore rows, RowOrchestrationService service, TaskHubWorker worker)
    {
        _rows = rows;
        _service = service;
        _worker = worker;
        _client = new TaskHubClient(service);
    }

    public static async Task<IEngine> StartAsync(string folder, bool messageRows)
    {
        SqliteRowStore rows = SqliteRowStore.Open(new SqliteRowStoreOptions { Path = Path.Combine(folder, "core.db") });
        RowOrchestrationService service = new(rows, messageRows);
        TaskHubWorker worker = new(service);
        worker.AddTaskOrchestrations(
            new NameValueObjectCreator<TaskOrchestration>(EngineFunctions.Chain, string.Empty, typeof(CoreFunctions.Chain)),
            new NameValueObjectCreator<TaskOrchestration>(EngineFunctions.FanOut, string.Empty, typeof(CoreFunctions.FanOut)),
            new NameValueObjectCreator<TaskOrchestration>(EngineFunctions.NotDurable, string.Empty, typeof(CoreFunctions.NotDurable))
        );
        worker.AddTaskActivities(
            new NameValueObjectCreator<TaskActivity>(EngineFunctions.AddOne, string.Empty, new CoreFunctions.AddOne())
        );
        await worker.StartAsync();

        // Where an activity has no row, its input is in the history, so that it could be run again.
        worker.TaskOrchestrationDispatcher.IncludeParameters = !messageRows;
        return new CoreEngine(rows, service, worker);
    }

    public async Task RunAsync(string orchestration, string id, int input)
    {
        var instance = await _client.CreateOrchestrationInstanceAsync(orchestration, string.Empty, id, input);
        var ended = await _client.WaitForOrchestrationAsync(instance, Timeout.InfiniteTimeSpan);
        if (ended.OrchestrationStatus != OrchestrationStatus.Completed)
        {
            throw new InvalidOperationException($"Orchestration '{id}' ended {ended.OrchestrationStatus}: {ended.Output}");
        }
    }

    public async Task<string> TryAsync(string orchestration, string id, TimeSpan time)
    {
        var instance = await _client.CreateOrchestrationInstanceAsync(orchestration, string.Empty, id, 0);
        try
        {
            var ended = await _client.WaitForOrchestrationAsync(instance, time);
            return $"{ended.OrchestrationStatus}: {ended.Output}";
        }
        catch (TimeoutException)
        {
            var now = await _client.GetOrchestrationStateAsync(instance);
            return $"{now.OrchestrationStatus} after {time.TotalSeconds:N0} s";
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _worker.StopAsync(isForced: true);
        _worker.Dispose();
        _service.Dispose();
        await _rows.DisposeAsync();
    }
}
