using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Serverless.Testing;

namespace Serverless.Benchmarks.Torture;

/// <summary>One client that creates runs and interferes with them until the host dies under it.</summary>
internal sealed class TortureClient(
    HttpClient http,
    TortureLedger ledger,
    IReadOnlyDictionary<string, Guid> deployments,
    Random random,
    string name
)
{
    private readonly ApiClient _api = new(http);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            for (var i = 0; !cancellationToken.IsCancellationRequested; i++)
            {
                await (random.Next(10) < 6 ? CreateAsync($"{name}-{i}") : DisturbAsync());
                Interlocked.Increment(ref ledger.Requests);
                await Task.Delay(random.Next(10), CancellationToken.None);
            }
        }
        catch (Exception error)
            when (error is HttpRequestException { StatusCode: null } or SocketException or TaskCanceledException or IOException)
        {
            // The host was killed; what it had not acknowledged is not claimed.
        }
        catch (HttpRequestException error)
        {
            ledger.Problems.Enqueue($"refused: {error.Message}");
        }
    }

    private async Task CreateAsync(string key)
    {
        (var flow, var parameters, var expected) = random.Next(9) switch
        {
            0 => ("hello", new { name = key }, (JsonNode?)null),
            1 or 2 => ("sleepy", new { seconds = random.NextDouble() / 2 }, null),
            3 => Numbered("chain", random.Next(1, 12), length => new { length }),
            4 => ("flaky", new { failures = 2, retries = 3 }, JsonValue.Create(3)),
            5 => ("parent", new { children = random.Next(1, 5) }, null),
            6 => ("approval", new { amount = 10 }, null),
            _ => Numbered("fan-out", random.Next(1, random.Next(10) == 0 ? 150 : 12), count => new { count, task_milliseconds = 5 }),
        };
        var id = await _api.CreateRunAsync(deployments[flow], parameters, key);
        ledger.Add(
            new TortureRun
            {
                Id = id,
                Flow = flow,
                Expected = expected,
            },
            key
        );
        if (random.Next(5) == 0)
        {
            ledger.Add(
                new TortureRun
                {
                    Id = await _api.CreateRunAsync(deployments[flow], parameters, key),
                    Flow = flow,
                    Expected = expected,
                },
                key
            );
        }
    }

    private async Task DisturbAsync()
    {
        if (ledger.Pick(random) is not { IsDeleted: false } run)
        {
            return;
        }

        switch (random.Next(12))
        {
            case 0:
                run.MayBeDeleted = true;
                using (var deleted = await http.DeleteAsync(new Uri($"/api/flow_runs/{run.Id}", UriKind.Relative)))
                {
                    run.IsDeleted |= deleted.StatusCode is HttpStatusCode.NoContent;
                }

                break;
            case 1 or 2:
                run.MayBeCancelled = true;
                await TryAsync($"/api/flow_runs/{run.Id}/cancel", new { });
                break;
            case 3:
                run.MayBeCancelled = true;
                await TryAsync(
                    $"/api/flow_runs/{run.Id}/set_state",
                    new { state = new { type = "CANCELLED" }, force = random.Next(2) == 0 }
                );
                break;
            case 4 or 5 when run.Flow != "approval":
                // (A paused approval would go on without the input that it waits for, and fail.)
                await TryAsync($"/api/flow_runs/{run.Id}/set_state", new { state = new { type = "SCHEDULED" } });
                break;
            case 6:
                await TryAsync($"/api/flow_runs/{run.Id}/pause", new { });
                break;
            case 7:
                await TryAsync($"/api/flow_runs/{run.Id}/suspend", new { });
                break;
            default:
                await ResumeAsync(run.Id);
                break;
        }
    }

    private Task ResumeAsync(Guid run) =>
        TryAsync($"/api/flow_runs/{run}/resume", new { run_input = new { approved = true, comment = "fine" } });

    /// <summary>Whatever the rules say to it, the host has no error of its own.</summary>
    private async Task TryAsync(string path, object body)
    {
        using var answer = await http.PostAsJsonAsync(path, body);
        if ((int)answer.StatusCode >= 500)
        {
            ledger.Problems.Enqueue($"{path} answered {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
        }
    }

    private static (string Flow, object Parameters, JsonNode? Expected) Numbered(string flow, int number, Func<int, object> parameters) =>
        (flow, parameters(number), JsonValue.Create(number));
}
