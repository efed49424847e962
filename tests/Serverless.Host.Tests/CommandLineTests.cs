using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;
using Serverless.Testing;
using Shouldly;
using Xunit;

namespace Serverless.Host.Tests;

public sealed class CommandLineTests : IDisposable
{
    private readonly string _data = Directory.CreateTempSubdirectory("serverless-host-").FullName;

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Fact]
    public async Task Help_Asked_ListsTheOptions()
    {
        (var exitCode, var output) = await HostProcess.RunAsync("--help");

        exitCode.ShouldBe(0);
        output.ShouldContain("--urls");
        output.ShouldContain("--data");
        output.ShouldContain("--durability");
        output.ShouldContain("--check");
    }

    [Fact]
    public async Task Start_OptionUnknown_ExitsWithOne()
    {
        (var exitCode, var output) = await HostProcess.RunAsync("--prot", "1");

        exitCode.ShouldBe(1);
        output.ShouldContain("--prot");
    }

    [Fact]
    public async Task Start_PortTaken_IsOneLineAndExitCodeOne()
    {
        await using var first = await HostProcess.StartAsync(Path.Combine(_data, "a"));

        (var exitCode, var output) = await HostProcess.RunAsync("--urls", first.Address.ToString(), "--data", Path.Combine(_data, "b"));

        exitCode.ShouldBe(1);
        Lines(output).ShouldHaveSingleItem().ShouldContain("is in use");
    }

    [Fact]
    public async Task Start_DataFolderOfAnotherProcess_IsOneLineAndExitCodeOne()
    {
        await using var first = await HostProcess.StartAsync(_data);

        (var exitCode, var output) = await HostProcess.RunAsync("--urls", $"http://127.0.0.1:{HostProcess.FreePort()}", "--data", _data);

        exitCode.ShouldBe(1);
        Lines(output).ShouldHaveSingleItem().ShouldContain(_data);
        first.Output.ShouldNotContain("single machines");
    }

    [Fact]
    public async Task Start_DataFolderNotWritable_IsOneLineAndExitCodeOne()
    {
        // A file in the folder's place cannot be written into by anybody, root included.
        var file = Path.Combine(_data, "file");
        await File.WriteAllTextAsync(file, "not a folder");

        (var exitCode, var output) = await HostProcess.RunAsync(
            "--urls",
            $"http://127.0.0.1:{HostProcess.FreePort()}",
            "--data",
            Path.Combine(file, "data")
        );

        exitCode.ShouldBe(1);
        Lines(output).ShouldHaveSingleItem().ShouldContain(file);
    }

    [Fact]
    public async Task Start_UrlWrong_IsOneLineAndExitCodeOne()
    {
        (var exitCode, var output) = await HostProcess.RunAsync("--urls", "nonsense", "--data", _data);

        exitCode.ShouldBe(1);
        Lines(output).ShouldHaveSingleItem().ShouldContain("nonsense");
    }

    [Theory]
    [InlineData("MaxWaitingRuns", "many")]
    [InlineData("MaxWaitingRuns", "0")]
    [InlineData("MaxParameterBytes", "-1")]
    [InlineData("OutboxSweepSchedule", "sometimes")]
    public async Task Start_SettingWrong_IsOneLineAndExitCodeOne(string setting, string value)
    {
        var ended = await Should.ThrowAsync<InvalidOperationException>(() =>
            HostProcess.StartWithAsync(["--data", _data], settings: new Dictionary<string, string?> { [setting] = value })
        );

        Lines(ended.Message[ended.Message.IndexOf('\n')..]).ShouldHaveSingleItem().ShouldContain($"'{value}'");
        ended.Message.ShouldStartWith("The host ended with 1:");
    }

    [Fact]
    public async Task AnyAnswer_OfTheHost_NamesNoServerAndTakesTextOnly()
    {
        await using var host = await HostProcess.StartAsync(_data);
        using var health = await host.Client.GetAsync(new Uri("/api/health", UriKind.Relative));

        health.Headers.Contains("Server").ShouldBeFalse();
        health.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
        (await StatusAsync(host, "localhost", "/api/flows/name/a%ffb")).ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await StatusAsync(host, "localhost", "/api/flow_run_states/?flow_run_id=%ff")).ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await StatusAsync(host, "evil.example", "/api/health")).ShouldBe(HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData("--urls", "http://127.0.0.1:99999", "99999")]
    [InlineData("--urls", "https://127.0.0.1:7443", "certificate")]
    [InlineData("--urls", "ftp://127.0.0.1:21", "ftp")]
    [InlineData("--urls", "", "http://127.0.0.1:7071")]
    [InlineData("--urls", " ; ", "http://127.0.0.1:7071")]
    public async Task Start_OptionThatCannotBe_IsOneLineAndExitCodeOne(string option, string value, string words)
    {
        (var exitCode, var output) = await HostProcess.RunAsync("--data", _data, option, value);

        exitCode.ShouldBe(1);
        var line = Lines(output).ShouldHaveSingleItem();
        line.ShouldContain(option);
        line.ShouldContain(words);
    }

    [Fact]
    public async Task Start_DataNotNamed_IsAFolderWhereTheHostIsStarted()
    {
        await using var host = await HostProcess.StartWithAsync([], startedIn: _data);

        File.Exists(Path.Combine(_data, ".serverless", "serverless.db")).ShouldBeTrue();
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    public async Task Start_DataWithoutAName_IsRefused(string folder)
    {
        (var exitCode, var output) = await HostProcess.RunAsync("--data", folder);

        exitCode.ShouldBe(1);
        Lines(output)[0].ShouldBe("--data needs a folder.");
    }

    [Fact]
    public async Task Start_DatabaseMissingInAFolderThatWasInUse_IsOneLineAndExitCodeOne()
    {
        await using (await HostProcess.StartAsync(_data)) { }

        File.Delete(Path.Combine(_data, "serverless.db"));
        (var exitCode, var output) = await HostProcess.RunAsync("--urls", $"http://127.0.0.1:{HostProcess.FreePort()}", "--data", _data);

        exitCode.ShouldBe(1);
        Lines(output).ShouldHaveSingleItem().ShouldContain("missing");
    }

    [Fact]
    public async Task Check_FolderWholeOrDamagedOrAbsent_SaysSoAndEnds()
    {
        (await HostProcess.RunAsync("--check", "--data", Path.Combine(_data, "nothing"))).ExitCode.ShouldBe(1);
        await using (await HostProcess.StartAsync(_data))
        {
            (var inUse, var said) = await HostProcess.RunAsync("--check", "--data", _data);
            inUse.ShouldBe(1);
            said.ShouldContain("in use");
        }

        (var exitCode, var output) = await HostProcess.RunAsync("--check", "--data", _data);
        exitCode.ShouldBe(0, output);
        Lines(output).ShouldHaveSingleItem().ShouldContain("is not damaged");

        await DamagedFolder.OverwriteAsync(_data, "Greets somebody", "Greets nobody!!");
        (exitCode, output) = await HostProcess.RunAsync("--check", "--data", _data);
        exitCode.ShouldBe(1);
        output.ShouldContain("table '");
        Lines(output)[^1].ShouldContain("is damaged");
    }

    [Fact]
    public async Task Start_FolderForFilesThatThereIsNot_IsRefused()
    {
        (var exitCode, var output) = await HostProcess.RunAsync("--data", _data, "--files", Path.Combine(_data, "nothing"));

        exitCode.ShouldBe(1);
        Lines(output)[0].ShouldStartWith("--files: there is no folder");
    }

    [Fact]
    public async Task Files_Named_IsWhereCsvReportReads()
    {
        var files = Directory.CreateDirectory(Path.Combine(_data, "files")).FullName;
        await File.WriteAllTextAsync(Path.Combine(files, "sales.csv"), "country,amount\nDE,1.5\n");
        await using var host = await HostProcess.StartAsync(Path.Combine(_data, "data"), null, "--files", files);
        ApiClient api = new(host.Client);
        var deployment = await api.DeploymentAsync("csv-report");

        var inside = await api.CreateRunAsync(
            deployment,
            new
            {
                path = "sales.csv",
                group_by = "country",
                value = "amount",
            }
        );
        var outside = await api.CreateRunAsync(
            deployment,
            new
            {
                path = "/etc/passwd",
                group_by = "country",
                value = "amount",
            }
        );

        (await api.WaitAsync(inside))["state_type"]!.GetValue<string>().ShouldBe("COMPLETED");
        var failed = await api.WaitAsync(outside);
        failed["state_type"]!.GetValue<string>().ShouldBe("FAILED");
        failed["state"]!["message"]!.GetValue<string>().ShouldContain("/etc/passwd is outside the folder from which files may be read.");
    }

    [Fact]
    public async Task Check_OfAStorageAccount_IsRefused()
    {
        (var exitCode, var output) = await HostProcess.RunAsync("--check", "--storage", "UseDevelopmentStorage=true");

        exitCode.ShouldBe(1);
        output.ShouldContain("--check cannot be used with --storage");
    }

    [Fact]
    public async Task Start_Ready_PrintsACurlLineThatWorksWhenPasted()
    {
        await using var host = await HostProcess.StartAsync(_data);
        var line = await host.WhenWrittenAsync(text => text.StartsWith("curl ", StringComparison.Ordinal));
        using var shell = Process.Start(
            new ProcessStartInfo("/bin/sh", ["-c", line + " --silent --fail"]) { RedirectStandardOutput = true, UseShellExecute = false }
        )!;
        var answer = await shell.StandardOutput.ReadToEndAsync();
        await shell.WaitForExitAsync();

        shell.ExitCode.ShouldBe(0, line);
        answer.ShouldContain("\"state_type\"");
        await host.WhenWrittenAsync(host.Address.ToString().TrimEnd('/'));
        await host.WhenWrittenAsync(_data);
        await host.WhenWrittenAsync("csv-report");
    }

    private static async Task<HttpStatusCode> StatusAsync(HostProcess host, string name, string path)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, path) { Headers = { Host = name } };
        using var response = await host.Client.SendAsync(request);
        return response.StatusCode;
    }

    private static string[] Lines(string output) =>
        output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
