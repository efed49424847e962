using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;
using Serverless.Functions.Outbox;
using Serverless.Testing;
using Shouldly;
using Xunit;

namespace Serverless.Host.Tests;

/// <summary>The real host on the storage emulator.</summary>
public sealed class AzureStorageTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
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
    public async Task Samples_OnTheStorageOfTheEnvironment_RunAndNoSecretIsShown()
    {
        await using var host = await HostProcess.StartWithAsync(
            [],
            settings: new Dictionary<string, string?> { ["AzureWebJobsStorage"] = _azurite.ConnectionString }
        );
        ApiClient api = new(host.Client);
        (string Flow, object Parameters, string? Result)[] runs =
        [
            ("hello", new { }, null),
            ("chain", new { length = 5 }, "5"),
            ("fan-out", new { count = 120, task_milliseconds = 1 }, "120"),
            ("parent", new { children = 2 }, null),
            ("sleepy", new { seconds = 0.5 }, null),
            ("flaky", new { }, null),
        ];
        List<(Guid Id, string Flow, string? Result)> created = [];
        foreach ((var flow, var parameters, var result) in runs)
        {
            created.Add((await api.CreateRunAsync(await api.DeploymentAsync(flow), parameters), flow, result));
        }

        foreach ((var id, var flow, var result) in created)
        {
            var ended = await api.WaitAsync(id, Patience);
            ended["state_type"]!.GetValue<string>().ShouldBe("COMPLETED", $"{flow}: {ended["state"]}");
            if (result is not null)
            {
                (await api.ResultAsync(id)).ToJsonString().ShouldBe(result);
            }
        }

        host.Output.ShouldContain(_azurite.TableUri.ToString());
        host.Output.ShouldContain("one process at a time. For several machines see docs/scale-out.md");
        host.Output.ShouldNotContain(AzuriteProcess.AccountKey);

        // The second process on the same storage does not get it, and the first one goes on.
        (var exitCode, var output) = await HostProcess.RunAsync(
            "--urls",
            $"http://127.0.0.1:{HostProcess.FreePort()}",
            "--storage",
            _azurite.ConnectionString
        );
        exitCode.ShouldBe(1);
        Lines(output).ShouldHaveSingleItem().ShouldContain($"process {host.Process.Id}");
        (await api.GetAsync("/api/ready"))["message"]!.GetValue<string>().ShouldBe("OK");
    }

    [AzuriteFact]
    public async Task Kill_ThenStart_WaitsForTheLeaseAndSaysSo()
    {
        Dictionary<string, string?> lease = new() { ["StorageLeaseSeconds"] = "10" };
        await using (var first = await HostProcess.StartWithAsync(["--storage", _azurite.ConnectionString], settings: lease))
        {
            await first.KillAsync();
        }

        await using var second = await HostProcess.StartWithAsync(["--storage", _azurite.ConnectionString], settings: lease);

        second.Output.ShouldContain("which ended without releasing it");
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
            var ended = await WhenBackAsync(() => api.WaitAsync(run, Patience));
            ended["state_type"]!.GetValue<string>().ShouldBe("COMPLETED", ended.ToJsonString());
            (await api.ResultAsync(run)).ToJsonString().ShouldBe("60");
        }
    }

    [AzuriteFact]
    public async Task Message_Poison_GoesToThePoisonQueueAndTheLogSaysWhy()
    {
        await using var host = await HostProcess.StartWithAsync(["--storage", _azurite.ConnectionString], settings: ShortLease);
        QueueClient queue = new(_azurite.ConnectionString, DispatchOutbox.Queue);
        var broken = (await queue.SendMessageAsync(Convert.ToBase64String(Encoding.UTF8.GetBytes("{ broken")))).Value;
        var raw = (await queue.SendMessageAsync("not Base64 at all")).Value;

        QueueClient poison = new(_azurite.ConnectionString, $"{DispatchOutbox.Queue}-poison");
        await UntilAsync(
            async () => await poison.ExistsAsync() && (await poison.PeekMessagesAsync(10)).Value.Length == 2,
            () => host.Output
        );

        (await poison.PeekMessagesAsync(10))
            .Value.Select(message => Encoding.UTF8.GetString(Convert.FromBase64String(message.Body.ToString())))
            .ShouldBe(["{ broken", "not Base64 at all"], ignoreOrder: true);
        var line = Lines(host.Output)
            .Single(text =>
                text.Contains(broken.MessageId, StringComparison.Ordinal) && text.Contains("-poison", StringComparison.Ordinal)
            );
        line.ShouldContain("DispatchOutbox");
        line.ShouldContain("dequeue count 5");
        line.ShouldContain("JsonException");
        Lines(host.Output)
            .ShouldContain(text =>
                text.Contains(raw.MessageId, StringComparison.Ordinal) && text.Contains("not Base64", StringComparison.Ordinal)
            );
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

        var ended = await api.WaitAsync(await api.CreateRunAsync(hello, new { }), Patience);

        ended["state_type"]!.GetValue<string>().ShouldBe("COMPLETED");
        host.Output.ShouldContain("left to the sweep");

        // Back again, the queue serves at once: long before the next sweep would.
        queues.Open();
        await api.WaitAsync(await api.CreateRunAsync(hello, new { }), Patience);
    }

    [Theory]
    [InlineData("nonsense=1")]
    [InlineData("DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey=****;")]
    [InlineData("Not-An-Account")]
    public async Task Start_StorageWrong_IsOneLineAndExitCodeOne(string storage)
    {
        (var exitCode, var output) = await HostProcess.RunAsync(
            "--urls",
            $"http://127.0.0.1:{HostProcess.FreePort()}",
            "--storage",
            storage
        );

        exitCode.ShouldBe(1);
        Lines(output).ShouldHaveSingleItem().ShouldContain("torage");
    }

    [AzuriteFact]
    public async Task Start_UrlWrong_IsOneLineAndExitCodeOne()
    {
        (var exitCode, var output) = await HostProcess.RunAsync("--urls", "nonsense", "--storage", _azurite.ConnectionString);

        exitCode.ShouldBe(1);
        Lines(output).ShouldHaveSingleItem().ShouldContain("nonsense");
    }

    [AzuriteFact]
    public async Task Start_KeyWrong_IsOneLineAndExitCodeOne()
    {
        var storage = _azurite.ConnectionString.Replace("AccountKey=Eby8", "AccountKey=Fby8", StringComparison.Ordinal);
        (var exitCode, var output) = await HostProcess.RunAsync(
            "--urls",
            $"http://127.0.0.1:{HostProcess.FreePort()}",
            "--storage",
            storage
        );

        exitCode.ShouldBe(1);
        Lines(output).ShouldHaveSingleItem().ShouldContain("403");
    }

    [Fact]
    public async Task Start_ServerAway_IsOneLineAndExitCodeOneSoon()
    {
        var address = $"http://127.0.0.1:{HostProcess.FreePort()}/devstoreaccount1";
        var storage =
            $"AccountName={AzuriteProcess.AccountName};AccountKey={AzuriteProcess.AccountKey};"
            + $"TableEndpoint={address};BlobEndpoint={address};QueueEndpoint={address}";
        var started = Stopwatch.GetTimestamp();

        (var exitCode, var output) = await HostProcess.RunAsync(
            "--urls",
            $"http://127.0.0.1:{HostProcess.FreePort()}",
            "--storage",
            storage
        );

        exitCode.ShouldBe(1);
        Lines(output).ShouldHaveSingleItem().ShouldContain(address);
        Stopwatch.GetElapsedTime(started).ShouldBeLessThan(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task Start_StorageAndData_IsRefused()
    {
        (var exitCode, var output) = await HostProcess.RunAsync("--storage", "UseDevelopmentStorage=true", "--data", "x");

        exitCode.ShouldBe(1);
        output.ShouldContain("--storage cannot be used with --data");
    }

    private static string[] Lines(string output) =>
        output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

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
                when (away.StatusCode == HttpStatusCode.ServiceUnavailable && Stopwatch.GetElapsedTime(started) < Patience)
            {
                await Task.Delay(200);
            }
        }
    }

    private static async Task UntilAsync(Func<Task<bool>> condition, Func<string> describe)
    {
        var started = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            Stopwatch.GetElapsedTime(started).ShouldBeLessThan(Patience, describe());
            await Task.Delay(200);
        }
    }
}
