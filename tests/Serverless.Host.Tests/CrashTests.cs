using System.Net.Sockets;
using System.Text.Json.Nodes;
using Serverless.Testing;
using Shouldly;
using Xunit;

namespace Serverless.Host.Tests;

/// <summary>The real host, killed with SIGKILL again and again while it works.</summary>
public sealed class CrashTests : IDisposable
{
    private const int Kills = 6;
    private const int KillsOnAzure = 4;
    private const int Tasks = 500;

    private readonly string _data = Directory.CreateTempSubdirectory("serverless-crash-").FullName;

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Fact]
    public Task Kill_AtRandomMoments_EveryAcknowledgedRunEndsAsItShould() => KillAgainAndAgainAsync(["--data", _data], Kills, null);

    [AzuriteFact]
    public async Task Kill_AtRandomMomentsOnAzureStorage_EveryAcknowledgedRunEndsAsItShould()
    {
        // Azurite stays up: it forgets what it acknowledged when it is killed, which the service does not.
        await using var azurite = await AzuriteProcess.StartAsync();
        await KillAgainAndAgainAsync(
            ["--storage", azurite.ConnectionString],
            KillsOnAzure,
            new Dictionary<string, string?> { ["StorageLeaseSeconds"] = "2" }
        );
    }

    private static async Task KillAgainAndAgainAsync(string[] storage, int kills, IReadOnlyDictionary<string, string?>? settings)
    {
        // The moments differ from run to run; the seed is in the failure message's place: the assertion texts.
        var seed = Environment.TickCount;
        Random random = new(seed);
        var noToken = CancellationToken.None;
        var port = HostProcess.FreePort();
        Dictionary<Guid, (string Flow, JsonNode? Expected)> acknowledged = [];
        List<Guid> approvals = [];
        var fanOut = Guid.Empty;

        for (var round = 0; round <= kills; round++)
        {
            await using var host = await HostProcess.StartWithAsync(storage, port, settings);
            ApiClient api = new(host.Client);
            if (round == 0)
            {
                fanOut = await CreateAsync(
                    api,
                    acknowledged,
                    "fan-out",
                    new { count = Tasks, task_milliseconds = 2 },
                    JsonValue.Create(Tasks)
                );
            }

            if (round < kills)
            {
                if (round % 2 == 1)
                {
                    // What runs at three deaths in a row is given up. On a busy machine that could be work that has had no turn yet.
                    await api.WaitAsync(await CreateAsync(api, acknowledged, "hello", new { }, null));
                }

                // Requests go on until the process dies under them; only the acknowledged ones count.
                var load = CreateUntilItDiesAsync(api, acknowledged, approvals, random.Next());
                await Task.Delay(random.Next(150, 900), noToken);
                await host.KillAsync();
                await load;
                continue;
            }

            await ApproveAllAsync(api, approvals);
            foreach ((var run, (var flow, var expected)) in acknowledged)
            {
                var ended = await api.WaitAsync(run);
                ended["state_type"]!.GetValue<string>().ShouldBe("COMPLETED", $"{flow} {run}, seed {seed}: {ended["state"]}");
                if (expected is not null)
                {
                    var result = await api.ResultAsync(run);
                    JsonNode.DeepEquals(result, expected).ShouldBeTrue($"{flow} {run} returned {result}, seed {seed}");
                }
            }

            await AssertTaskRunsAsync(api, fanOut, seed);
            await EndUnacknowledgedAsync(api, seed);
            var all = await api.PostAsync("/api/flow_runs/count", new { });
            all.GetValue<int>().ShouldBeGreaterThanOrEqualTo(acknowledged.Count, $"seed {seed}");
        }
    }

    private static async Task CreateUntilItDiesAsync(
        ApiClient api,
        Dictionary<Guid, (string Flow, JsonNode? Expected)> acknowledged,
        List<Guid> approvals,
        int seed
    )
    {
        Random random = new(seed);
        try
        {
            for (var i = 0; i < 12; i++)
            {
                switch (i % 4)
                {
                    case 0:
                        var length = random.Next(1, 30);
                        await CreateAsync(api, acknowledged, "chain", new { length }, JsonValue.Create(length));
                        break;
                    case 1:
                        await CreateAsync(api, acknowledged, "sleepy", new { seconds = random.NextDouble() }, null);
                        break;
                    case 2:
                        approvals.Add(await CreateAsync(api, acknowledged, "approval", new { amount = 10 }, null));
                        break;
                    default:
                        await CreateAsync(api, acknowledged, "parent", new { children = 2 }, null);
                        break;
                }
            }
        }
        catch (Exception error) when (error is HttpRequestException or SocketException)
        {
            // The host was killed, perhaps just as the client had connected (a bare socket error); what it had not acknowledged is not
            // claimed.
        }
    }

    private static async Task<Guid> CreateAsync(
        ApiClient api,
        Dictionary<Guid, (string Flow, JsonNode? Expected)> acknowledged,
        string flow,
        object parameters,
        JsonNode? expected
    )
    {
        var run = await api.CreateRunAsync(await api.DeploymentAsync(flow), parameters);
        acknowledged[run] = (flow, expected);
        return run;
    }

    /// <summary>Resumes each approval once it is paused.</summary>
    private static async Task ApproveAllAsync(ApiClient api, List<Guid> approvals)
    {
        foreach (var run in approvals)
        {
            var shown = await api.RunAsync(run);
            for (var i = 0; i < 1000 && shown["state_type"]!.GetValue<string>() != "PAUSED"; i++)
            {
                shown["state_type"]!.GetValue<string>().ShouldBeOneOf("SCHEDULED", "PENDING", "RUNNING");
                await Task.Delay(20);
                shown = await api.RunAsync(run);
            }

            var answer = await api.PostAsync($"/api/flow_runs/{run}/resume", new { run_input = new { approved = true, comment = "fine" } });
            answer["status"]!.GetValue<string>().ShouldBe("ACCEPT", answer.ToJsonString());
        }
    }

    /// <summary>A run that was stored but not acknowledged as the host died runs, too; an approval among them waits for somebody.</summary>
    private static async Task EndUnacknowledgedAsync(ApiClient api, int seed)
    {
        var notFinal = new
        {
            flow_runs = new { state = new { type = new { not_any_ = new[] { "COMPLETED", "FAILED", "CANCELLED", "CRASHED" } } } },
        };
        for (var i = 0; i < 1000; i++)
        {
            var open = (await api.PostAsync("/api/flow_runs/filter", notFinal)).AsArray();
            if (open.Count == 0)
            {
                return;
            }

            foreach (var run in open.Where(run => run!["state_type"]!.GetValue<string>() == "PAUSED"))
            {
                await api.PostAsync(
                    $"/api/flow_runs/{run!["id"]}/resume",
                    new { run_input = new { approved = false, comment = "nobody asked" } }
                );
            }

            await Task.Delay(20);
        }

        var stuck = await api.PostAsync("/api/flow_runs/filter", notFinal);
        stuck.AsArray().ShouldBeEmpty($"runs are stuck, seed {seed}");
    }

    private static async Task AssertTaskRunsAsync(ApiClient api, Guid fanOut, int seed)
    {
        HashSet<Guid> seen = [];
        for (var offset = 0; offset < Tasks; offset += 200)
        {
            var page = (
                await api.PostAsync(
                    "/api/task_runs/filter",
                    new
                    {
                        flow_runs = new { id = new { any_ = new[] { fanOut } } },
                        offset,
                        limit = 200,
                    }
                )
            ).AsArray();
            foreach (var task in page)
            {
                var id = task!["id"]!.GetValue<Guid>();
                seen.Add(id).ShouldBeTrue($"task run {id} is listed twice, seed {seed}");
                task["state_type"]!.GetValue<string>().ShouldBe("COMPLETED");
                var states = (await api.GetAsync($"/api/task_run_states/?task_run_id={id}")).AsArray();
                states
                    .Count(state => state!["type"]!.GetValue<string>() == "COMPLETED")
                    .ShouldBe(1, $"task run {id} has {states.ToJsonString()}, seed {seed}");
                states[^1]!["type"]!.GetValue<string>().ShouldBe("COMPLETED");
            }
        }

        seen.Count.ShouldBe(Tasks, $"seed {seed}");
    }
}
