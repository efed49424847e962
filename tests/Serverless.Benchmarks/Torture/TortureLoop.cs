using System.Diagnostics;
using Serverless.Testing;

namespace Serverless.Benchmarks.Torture;

/// <summary>
/// Kills the real host again and again while clients create, cancel, delete, pause, resume, force and repeat runs of limited deployments
/// and tags; then lets it finish, and checks what was acknowledged.
/// </summary>
internal sealed class TortureLoop(string folder, int seed, Action<string> log)
{
    private const int Clients = 4;
    private const string TagLimit = "tag:fan-out";

    private static readonly string[] Flows = ["hello", "sleepy", "chain", "flaky", "parent", "approval", "fan-out"];
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly TortureLedger _ledger = new();
    private readonly Random _random = new(seed);

    /// <summary>Runs until the time is over and the host has been killed at least a number of times.</summary>
    /// <returns>What was wrong; empty when all is well.</returns>
    public async Task<IReadOnlyCollection<string>> RunAsync(TimeSpan duration, int kills)
    {
        var data = Path.Combine(folder, "data");
        var port = HostProcess.FreePort();
        var started = Stopwatch.GetTimestamp();
        Dictionary<string, Guid> deployments = [];
        List<string> limits = [];
        var rows = 0;
        var round = 0;
        for (; round < kills || Stopwatch.GetElapsedTime(started) < duration; round++)
        {
            await using var host = await HostProcess.StartAsync(data, port);
            if (round == 0)
            {
                limits = await PrepareAsync(new ApiClient(host.Client), deployments);
            }

            using CancellationTokenSource stop = new();
            Task[] load =
            [
                .. Enumerable
                    .Range(0, Clients)
                    .Select(i =>
                        new TortureClient(host.Client, _ledger, deployments, new Random(_random.Next()), $"{seed}-{round}-{i}").RunAsync(
                            stop.Token
                        )
                    ),
            ];
            await Task.Delay(_random.Next(200, 2500));
            await host.KillAsync();
            await stop.CancelAsync();
            await Task.WhenAll(load);
            Note(host);
            if (round % 3 == 0)
            {
                (rows, var problems) = await StoredRows.CheckAsync(data, Path.Combine(folder, "copy"));
                problems.ForEach(_ledger.Problems.Enqueue);
            }
        }

        await using (var host = await HostProcess.StartAsync(data, port))
        {
            TortureChecks checks = new(host.Client, _ledger, limits);
            await checks.EndAllAsync(Patience);
            await checks.CheckSlotsAsync(Patience);
            await checks.CheckRunsAsync();
            await checks.CheckListsAsync();
            Note(host);
            await host.KillAsync();
        }

        (rows, var last) = await StoredRows.CheckAsync(data, Path.Combine(folder, "copy"));
        last.ForEach(_ledger.Problems.Enqueue);
        log(
            $"seed {seed}: {round} kills in {Stopwatch.GetElapsedTime(started).TotalSeconds:N0} s, {_ledger.Requests:N0} requests, "
                + $"{_ledger.Runs.Count:N0} acknowledged runs "
                + $"({_ledger.Runs.Count(run => run.IsDeleted):N0} deleted, {_ledger.Runs.Count(run => run.MayBeCancelled):N0} asked to "
                + $"be cancelled), {rows:N0} rows"
        );
        log(
            "checked: each acknowledged run ended as it may, with the right result, or is deleted; no key gave two runs; limits never "
                + "exceeded; each held slot taken; "
                + "no slot left; lists whole; each stored row readable; no error of the host, and no code stopped because of deaths"
        );
        return _ledger.Problems;
    }

    private static async Task<List<string>> PrepareAsync(ApiClient api, Dictionary<string, Guid> deployments)
    {
        foreach (var flow in Flows)
        {
            deployments[flow] = await api.DeploymentAsync(flow);
        }

        List<string> limits = [$"deployment:{deployments["sleepy"]}", $"deployment:{deployments["chain"]}", TagLimit];
        foreach ((var name, var slots) in limits.Zip([2, 1, 3]))
        {
            await api.PostAsync("/api/v2/concurrency_limits/", new { name, limit = slots });
        }

        return limits;
    }

    private void Note(HostProcess host)
    {
        foreach (var line in host.Output.Split('\n'))
        {
            if (
                line.Contains("Unhandled", StringComparison.Ordinal)
                || line.Contains("until the next restart", StringComparison.Ordinal)
                || line.Contains("is no longer run", StringComparison.Ordinal)
            )
            {
                _ledger.Problems.Enqueue($"the host says: {line.Trim()}");
            }
        }
    }
}
