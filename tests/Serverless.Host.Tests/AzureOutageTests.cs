using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;
using Serverless.Testing;
using Shouldly;
using Xunit;

namespace Serverless.Host.Tests;

/// <summary>The real host on a storage emulator that goes away, wholly or in part.</summary>
public sealed class AzureOutageTests : IAsyncLifetime
{
    private static readonly Dictionary<string, string?> ShortLease = new() { ["StorageLeaseSeconds"] = "3" };

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("serverless-azurite-");
    private AzuriteProcess _azurite = null!;

    public async Task InitializeAsync()
    {
        if (AzuriteProcess.SkipReason is null)
        {
            _azurite = await AzuriteProcess.StartAsync(_folder.FullName);
        }
    }

    public async Task DisposeAsync()
    {
        if (_azurite is not null)
        {
            await _azurite.DisposeAsync();
        }

        _folder.Delete(recursive: true);
    }

    [AzuriteFact]
    public async Task Server_StopsAndComesBack_AnswersWith503AndThenCarriesOn()
    {
        await using var host = await HostProcess.StartWithAsync(["--storage", _azurite.ConnectionString], settings: ShortLease);
        ApiClient api = new(host.Client);
        var chain = await api.DeploymentAsync("chain");
        List<Guid> runs = [];
        for (var i = 0; i < 4; i++)
        {
            runs.Add(await api.CreateRunAsync(chain, new { length = 60 }));
        }

        await _azurite.StopAsync();
        await host.WhenNotReadyAsync();
        foreach (var path in (string[])["/api/ready", $"/api/flow_runs/{runs[0]}", "/api/deployments/name/chain/default"])
        {
            using var answer = await host.Client.GetAsync(new Uri(path, UriKind.Relative));
            answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable, path);
            answer.Headers.RetryAfter.ShouldNotBeNull(path);
        }

        (await api.TryPostAsync($"/api/deployments/{chain}/create_flow_run", new { })).Status.ShouldBe(HttpStatusCode.ServiceUnavailable);
        await _azurite.RestartAsync();

        foreach (var run in runs)
        {
            var ended = await WhenBackAsync(() => api.WaitAsync(run));
            ended["state_type"]!.GetValue<string>().ShouldBe("COMPLETED", ended.ToJsonString());
            (await api.ResultAsync(run)).ToJsonString().ShouldBe("60");
        }
    }

    [AzuriteFact]
    public async Task Announcement_Lost_IsCaughtByTheSweep()
    {
        await using ToggleProxy queues = new(_azurite.QueueUri.Port);
        var storage = _azurite.ConnectionString.Replace($":{_azurite.QueueUri.Port}/", $":{queues.Port}/", StringComparison.Ordinal);
        await using var host = await HostProcess.StartWithAsync(["--storage", storage], settings: ShortLease);
        ApiClient api = new(host.Client);
        var hello = await api.DeploymentAsync("hello");
        await queues.CloseAsync();

        var ended = await api.WaitAsync(await api.CreateRunAsync(hello, new { }));

        ended["state_type"]!.GetValue<string>().ShouldBe("COMPLETED");
        await host.WhenWrittenAsync("left to the sweep");

        // Back again, the queue serves at once: long before the next sweep would.
        queues.Open();
        await api.WaitAsync(await api.CreateRunAsync(hello, new { }));
    }

    /// <summary>Asks again while the answer is 503.</summary>
    private static async Task<JsonNode> WhenBackAsync(Func<Task<JsonNode>> ask)
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                return await ask();
            }
            catch (HttpRequestException away)
                when (away.StatusCode == HttpStatusCode.ServiceUnavailable && Stopwatch.GetElapsedTime(started) < Waiting.Patience)
            {
                await Task.Delay(200);
            }
        }
    }
}
