using Serverless.Testing;
using Shouldly;
using Xunit;

namespace Serverless.Host.Tests;

/// <summary>The real host on the storage emulator.</summary>
public sealed class AzureStorageTests
{
    [AzuriteFact]
    public async Task Samples_OnTheStorageOfTheEnvironment_RunAndNoSecretIsShown()
    {
        await using var azurite = await AzuriteProcess.StartAsync();
        await using var host = await HostProcess.StartWithAsync(
            [],
            settings: new Dictionary<string, string?> { ["AzureWebJobsStorage"] = azurite.ConnectionString }
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
            var ended = await api.WaitAsync(id);
            ended["state_type"]!.GetValue<string>().ShouldBe("COMPLETED", $"{flow}: {ended["state"]}");
            if (result is not null)
            {
                (await api.ResultAsync(id)).ToJsonString().ShouldBe(result);
            }
        }

        await host.WhenWrittenAsync(azurite.TableUri.ToString());
        await host.WhenWrittenAsync("one process at a time. For several machines see docs/scale-out.md");
        host.Output.ShouldNotContain(AzuriteProcess.AccountKey);

        // The second process on the same storage does not get it, and the first one goes on.
        (var exitCode, var output) = await HostProcess.RunAsync(
            "--urls",
            $"http://127.0.0.1:{HostProcess.FreePort()}",
            "--storage",
            azurite.ConnectionString
        );
        exitCode.ShouldBe(1);
        Lines(output).ShouldHaveSingleItem().ShouldContain($"process {host.Process.Id}");
        (await api.GetAsync("/api/ready"))["message"]!.GetValue<string>().ShouldBe("OK");
    }

    [AzuriteFact]
    public async Task Kill_ThenStart_WaitsForTheLeaseAndSaysSo()
    {
        await using var azurite = await AzuriteProcess.StartAsync();
        Dictionary<string, string?> lease = new() { ["StorageLeaseSeconds"] = "15" };
        await using (var first = await HostProcess.StartWithAsync(["--storage", azurite.ConnectionString], settings: lease))
        {
            await first.KillAsync();
        }

        await using var second = await HostProcess.StartWithAsync(["--storage", azurite.ConnectionString], settings: lease);

        await second.WhenWrittenAsync("which ended without releasing it");
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
        await using var azurite = await AzuriteProcess.StartAsync();
        (var exitCode, var output) = await HostProcess.RunAsync("--urls", "nonsense", "--storage", azurite.ConnectionString);

        exitCode.ShouldBe(1);
        Lines(output).ShouldHaveSingleItem().ShouldContain("nonsense");
    }

    [AzuriteFact]
    public async Task Start_KeyWrong_IsOneLineAndExitCodeOne()
    {
        await using var azurite = await AzuriteProcess.StartAsync();
        var storage = azurite.ConnectionString.Replace("AccountKey=Eby8", "AccountKey=Fby8", StringComparison.Ordinal);
        (var exitCode, var output) = await HostProcess.RunAsync(
            "--urls",
            $"http://127.0.0.1:{HostProcess.FreePort()}",
            "--storage",
            storage
        );

        exitCode.ShouldBe(1);
        Lines(output).ShouldHaveSingleItem().ShouldContain("403");
    }

    /// <summary>It does not try for minutes, as the SDK would by itself.</summary>
    [Fact]
    public async Task Start_ServerAway_IsOneLineAndExitCodeOneSoon()
    {
        var address = $"http://127.0.0.1:{HostProcess.FreePort()}/devstoreaccount1";
        var storage =
            $"AccountName={AzuriteProcess.AccountName};AccountKey={AzuriteProcess.AccountKey};"
            + $"TableEndpoint={address};BlobEndpoint={address};QueueEndpoint={address}";

        (var exitCode, var output) = await HostProcess.RunAsync(
            "--urls",
            $"http://127.0.0.1:{HostProcess.FreePort()}",
            "--storage",
            storage
        );

        exitCode.ShouldBe(1);
        Lines(output).ShouldHaveSingleItem().ShouldContain(address);
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
}
