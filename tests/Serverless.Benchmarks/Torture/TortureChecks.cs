using System.Net;
using System.Text.Json.Nodes;
using Serverless.Testing;

namespace Serverless.Benchmarks.Torture;

/// <summary>What has to be true once the host is left in peace.</summary>
internal sealed class TortureChecks(HttpClient http, TortureLedger ledger, IReadOnlyList<string> limits)
{
    private const int PageSize = 200;

    private static readonly object OfOpen = new
    {
        state = new { type = new { not_any_ = new[] { "COMPLETED", "FAILED", "CANCELLED", "CRASHED" } } },
    };
    private static readonly object Open = new { flow_runs = OfOpen, limit = PageSize };

    private readonly ApiClient _api = new(http);

    /// <summary>
    /// Resumes what is paused until every run has ended, those included whose creation was not acknowledged. How many wait under the limits
    /// depends on how long the loop was, so the patience counts from the last run that ended.
    /// </summary>
    public async Task EndAllAsync(TimeSpan patience)
    {
        var deadline = Environment.TickCount64 + (long)patience.TotalMilliseconds;
        var fewest = int.MaxValue;
        JsonArray open;
        while ((open = (await _api.PostAsync("/api/flow_runs/filter", Open)).AsArray()).Count > 0)
        {
            var count = (await _api.PostAsync("/api/flow_runs/count", new { flow_runs = OfOpen })).GetValue<int>();
            if (count < fewest)
            {
                fewest = count;
                deadline = Environment.TickCount64 + (long)patience.TotalMilliseconds;
            }
            else if (Environment.TickCount64 > deadline)
            {
                ledger.Problems.Enqueue($"{count} runs do not end, such as {open[0]!["id"]}: {open[0]!["state"]!.ToJsonString()}");
                return;
            }

            foreach (var run in open.Where(run => run!["state_type"]!.GetValue<string>() == "PAUSED"))
            {
                await _api.TryPostAsync(
                    $"/api/flow_runs/{run!["id"]}/resume",
                    new { run_input = new { approved = true, comment = "at last" } }
                );
            }

            await Task.Delay(50);
        }
    }

    /// <summary>Checks each acknowledged run: its end, its result, its history, its task runs.</summary>
    public async Task CheckRunsAsync()
    {
        foreach (var run in ledger.Runs)
        {
            using var answer = await http.GetAsync(new Uri($"/api/flow_runs/{run.Id}", UriKind.Relative));
            var text = await answer.Content.ReadAsStringAsync();
            if (answer.StatusCode == HttpStatusCode.NotFound)
            {
                Expect(run.MayBeDeleted, run, "is gone, and nobody deleted it");
            }
            else if (answer.StatusCode != HttpStatusCode.OK)
            {
                Expect(false, run, $"cannot be read: {(int)answer.StatusCode} {text}");
            }
            else
            {
                Expect(!run.IsDeleted, run, "was deleted and is there");
                await CheckAsync(run, JsonNode.Parse(text)!);
            }
        }
    }

    /// <summary>Checks that every list can be read to its end and holds each run once.</summary>
    public async Task CheckListsAsync()
    {
        HashSet<Guid> seen = [];
        var count = (await _api.PostAsync("/api/flow_runs/count", new { })).GetValue<int>();
        for (var offset = 0; ; offset += PageSize)
        {
            var page = (await _api.PostAsync("/api/flow_runs/filter", new { offset, limit = PageSize })).AsArray();
            foreach (var run in page)
            {
                if (!seen.Add(run!["id"]!.GetValue<Guid>()))
                {
                    ledger.Problems.Enqueue($"run {run["id"]} is listed twice");
                }
            }

            if (page.Count < PageSize)
            {
                break;
            }
        }

        if (seen.Count != count)
        {
            ledger.Problems.Enqueue($"{count} runs are counted and {seen.Count} listed");
        }
    }

    /// <summary>Waits until the sweeps have found every slot that a crash left: none is held when no run is open.</summary>
    public async Task CheckSlotsAsync(TimeSpan patience)
    {
        var deadline = Environment.TickCount64 + (long)patience.TotalMilliseconds;
        foreach (var limit in limits)
        {
            while (await ActiveAsync(limit) is var active && active > 0)
            {
                if (Environment.TickCount64 > deadline)
                {
                    ledger.Problems.Enqueue($"{active} slots of {limit} are not given back");
                    break;
                }

                await Task.Delay(200);
            }
        }
    }

    private async Task<int> ActiveAsync(string limit) =>
        (await _api.GetAsync($"/api/v2/concurrency_limits/{Uri.EscapeDataString(limit)}"))["active_slots"]!.GetValue<int>();

    private async Task CheckAsync(TortureRun run, JsonNode shown)
    {
        var type = shown["state_type"]!.GetValue<string>();
        var states = (await _api.GetAsync($"/api/flow_run_states/?flow_run_id={run.Id}")).AsArray();
        var history = string.Join(' ', states.Select(state => state!["name"]!.GetValue<string>()));
        Expect(states[^1]!["id"]!.GetValue<Guid>() == shown["state_id"]!.GetValue<Guid>(), run, $"is not in its last state: {history}");
        Expect(
            type == "COMPLETED" || (type == "CANCELLED" && run.MayBeCancelled),
            run,
            $"ended as {type}: {shown["state"]!["message"]} ({history})"
        );
        if (type != "COMPLETED")
        {
            return;
        }

        var result = await _api.ResultAsync(run.Id);
        Expect(
            run.Expected is null || JsonNode.DeepEquals(run.Expected, result),
            run,
            $"returned {result.ToJsonString()} instead of {run.Expected?.ToJsonString()}"
        );
        if (run.Flow == "fan-out")
        {
            var completed = (
                await _api.PostAsync(
                    "/api/task_runs/count",
                    new
                    {
                        flow_runs = new { id = new { any_ = new[] { run.Id } } },
                        task_runs = new { state = new { type = new { any_ = new[] { "COMPLETED" } } } },
                    }
                )
            ).GetValue<int>();
            Expect(completed == result.GetValue<int>(), run, $"has {completed} completed task runs");
        }
    }

    private void Expect(bool condition, TortureRun run, string what)
    {
        if (!condition)
        {
            ledger.Problems.Enqueue($"{run.Flow} {run.Id} {what}");
        }
    }
}
