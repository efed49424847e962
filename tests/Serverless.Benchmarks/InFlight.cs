using System.Diagnostics;
using System.Text.Json.Nodes;
using Serverless.Testing;

namespace Serverless.Benchmarks;

/// <summary>Keeps a number of runs in flight until all have completed; a client that asks for many runs at once.</summary>
internal static class InFlight
{
    /// <summary>Returns how long all runs took.</summary>
    public static async Task<TimeSpan> RunAsync(ApiClient api, Guid deployment, object parameters, int runs, int inFlight)
    {
        long started = Stopwatch.GetTimestamp();
        HashSet<Guid> open = [];
        int created = 0;
        int completed = 0;
        while (completed < runs)
        {
            int more = Math.Min(inFlight - open.Count, runs - created);
            created += more;
            foreach (Guid run in await Task.WhenAll(Enumerable.Range(0, more).Select(_ => api.CreateRunAsync(deployment, parameters))))
            {
                open.Add(run);
            }

            foreach (Guid[] some in open.Chunk(200))
            {
                JsonNode ended = await api.PostAsync("/api/flow_runs/filter", new
                {
                    flow_runs = new { id = new { any_ = some }, state = new { type = new { any_ = new[] { "COMPLETED", "FAILED", "CRASHED" } } } },
                    limit = 200,
                });
                foreach (JsonNode? run in ended.AsArray())
                {
                    if (run!["state_type"]!.GetValue<string>() != "COMPLETED")
                    {
                        throw new InvalidOperationException($"A run failed: {run["state"]}");
                    }

                    open.Remove(run["id"]!.GetValue<Guid>());
                    completed++;
                }
            }

            // The client shares the machine's cores with the host: it looks a hundred times a second, not more.
            await Task.Delay(10);
        }

        return Stopwatch.GetElapsedTime(started);
    }
}
