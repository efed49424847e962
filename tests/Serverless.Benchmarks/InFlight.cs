using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json.Nodes;
using Serverless.Testing;

namespace Serverless.Benchmarks;

/// <summary>
/// Keeps a number of runs in flight until all have completed: each run that has ended makes room for the next, which is created at once.
/// One look every few milliseconds tells which have ended, since the client shares the machine's cores with the host.
/// </summary>
internal static class InFlight
{
    private static readonly string[] Ends = ["COMPLETED", "FAILED", "CRASHED"];

    /// <summary>Returns how long all runs took.</summary>
    public static async Task<TimeSpan> RunAsync(ApiClient api, Guid deployment, object parameters, int runs, int inFlight)
    {
        var started = Stopwatch.GetTimestamp();
        ConcurrentDictionary<Guid, byte> open = new();
        using SemaphoreSlim room = new(inFlight);
        var creating = CreateAsync();
        for (var completed = 0; completed < runs; )
        {
            await Task.Delay(3);
            foreach (var some in open.Keys.Chunk(200))
            {
                var ended = await api.PostAsync(
                    "/api/flow_runs/filter",
                    new { flow_runs = new { id = new { any_ = some }, state = new { type = new { any_ = Ends } } }, limit = 200 }
                );
                foreach (var run in ended.AsArray())
                {
                    if (run!["state_type"]!.GetValue<string>() != "COMPLETED")
                    {
                        throw new InvalidOperationException($"A run failed: {run["state"]}");
                    }

                    open.TryRemove(run["id"]!.GetValue<Guid>(), out _);
                    completed++;
                    room.Release();
                }
            }

            if (creating.IsFaulted)
            {
                await creating;
            }
        }

        await creating;
        return Stopwatch.GetElapsedTime(started);

        async Task CreateAsync()
        {
            List<Task> creations = new(runs);
            for (var i = 0; i < runs; i++)
            {
                await room.WaitAsync();
                creations.Add(CreateOneAsync());
            }

            await Task.WhenAll(creations);
        }

        async Task CreateOneAsync() => open.TryAdd(await api.CreateRunAsync(deployment, parameters), 0);
    }
}
