using System.Text.Json.Nodes;
using Serverless.Testing;

namespace Serverless.Benchmarks.Cost;

/// <summary>
/// Storage requests and bytes of flow runs and task runs, counted at the wire between the host and Azurite. The host's timers
/// are off meanwhile; what an idle host asks for with its timers on is counted at the end.
/// </summary>
internal static class CostBenchmark
{
    private const string Never = "0 0 0 31 12 *";

    // Longer than the store keeps what it means to delete in one go.
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(30);

    public static async Task RunAsync(string folder)
    {
        if (AzuriteProcess.SkipReason is { } reason)
        {
            Console.WriteLine(reason);
            return;
        }

        await using var azurite = await AzuriteProcess.StartAsync();
        await using var proxy = await CountingProxy.StartAsync(azurite.ConnectionString);
        await using (
            var host = await HostProcess.StartOnAsync(
                proxy.ConnectionString,
                new Dictionary<string, string?>
                {
                    ["OutboxSweepSchedule"] = Never,
                    ["FlowRunSweepSchedule"] = Never,
                    ["StorageSweepSchedule"] = Never,
                    ["SlotSweepSchedule"] = Never,
                    ["DueRunSchedule"] = Never,
                    ["RetentionSchedule"] = Never,
                    ["SchedulerSchedule"] = Never,
                }
            )
        )
        {
            try
            {
                await MeasureAsync(proxy, new ApiClient(host.Client));
            }
            catch (HttpRequestException)
            {
                // A host that is gone has said why.
                Console.Error.WriteLine(host.Output);
                throw;
            }
        }

        await using var idle = await HostProcess.StartOnAsync(proxy.ConnectionString, new Dictionary<string, string?>());
        await Task.Delay(TimeSpan.FromSeconds(10));
        var before = proxy.Calls.Count;
        await Task.Delay(TimeSpan.FromMinutes(2));
        StorageBill rest = new(proxy.Calls.Skip(before));
        Console.WriteLine(
            $"idle host          {rest.Tables / 2.0:N1} table, {rest.Queues / 2.0:N1} queue, {rest.Blobs / 2.0:N1} blob requests a "
                + $"minute, {rest.Scans / 2.0:N1} beyond one partition"
        );
        rest.PrintKinds(2);
    }

    private static async Task MeasureAsync(CountingProxy proxy, ApiClient api)
    {
        // The first run makes tables and fills caches.
        await MeasureAsync(proxy, api, "hello", new { }, 1);
        await MeasureAsync(proxy, api, "chain", new { length = 1 }, 1);
        await MeasureAsync(proxy, api, "fan-out", new { count = 1 }, 1);

        const int runs = 20;
        Print("hello, 1 task that logs a line", await MeasureAsync(proxy, api, "hello", new { }, runs), runs, details: true);
        var none = await MeasureAsync(proxy, api, "chain", new { length = 0 }, runs);
        Print("chain of 0 tasks", none, runs, details: true);
        var chain = await MeasureAsync(proxy, api, "chain", new { length = 50 }, runs);
        Print("chain of 50 tasks", chain, runs, details: false);
        PrintTasks(chain, none, runs, 50);
        var empty = await MeasureAsync(proxy, api, "fan-out", new { count = 0 }, 4);
        var fan = await MeasureAsync(proxy, api, "fan-out", new { count = 1000 }, 4);
        Print("fan-out of 1,000 tasks", fan, 4, details: true);
        PrintTasks(fan, empty, 4, 1000);
    }

    private static async Task<StorageBill> MeasureAsync(CountingProxy proxy, ApiClient api, string flow, object parameters, int runs)
    {
        var deployment = await api.DeploymentAsync(flow);
        await QuietAsync(proxy);
        var before = proxy.Calls.Count;
        List<Guid> ids = [];
        for (var run = 0; run < runs; run++)
        {
            ids.Add(await api.CreateRunAsync(deployment, parameters));
        }

        await QuietAsync(proxy);
        StorageBill bill = new([.. proxy.Calls.Skip(before).Where(IsOfRuns)]);
        foreach (var id in ids)
        {
            var run = await api.GetAsync($"/api/flow_runs/{id}");
            if (run["state_type"]!.GetValue<string>() != "COMPLETED")
            {
                throw new InvalidOperationException($"A run of '{flow}' is not completed: {run["state"]}");
            }
        }

        return bill;
    }

    /// <summary>Returns when nothing but looks at the empty queue and renewals of the lease has come for a while.</summary>
    private static async Task QuietAsync(CountingProxy proxy)
    {
        var last = -1;
        while (true)
        {
            var count = proxy.Calls.Count(IsOfRuns);
            if (count == last)
            {
                return;
            }

            last = count;
            await Task.Delay(Quiet);
        }
    }

    private static bool IsOfRuns(StorageCall call) =>
        call switch
        {
            { Service: "queue", Operation: "receive" } => call.BytesOut > 200,
            { Partition: "owner" } => false,
            _ => true,
        };

    private static void Print(string what, StorageBill bill, int runs, bool details)
    {
        double count = runs;
        Console.WriteLine(
            $"{what, -32} {bill.Tables / count, 8:N1} table, {bill.Queues / count:N1} queue, {bill.Blobs / count:N1} blob requests, "
                + $"{bill.Bytes / count / 1024:N1} KiB a run; "
                + $"{bill.Scans} beyond one partition, {bill.Refused} refused; {bill.EntitiesOf("runindex") / count:N1} index rows"
        );
        if (details)
        {
            bill.PrintKinds(count);
        }
    }

    private static void PrintTasks(StorageBill with, StorageBill without, int runs, int tasks)
    {
        var count = (double)runs * tasks;
        Console.WriteLine(
            $"  a task run                     {(with.Tables - without.Tables) / count, 8:N2} table requests, "
                + $"{(with.Bytes - without.Bytes) / count / 1024:N2} KiB, "
                + $"{(with.EntitiesOf("runs") - without.EntitiesOf("runs")) / count:N1} rows of its run's partition"
        );
    }
}
