using System.Diagnostics;
using System.Net;
using System.Text.RegularExpressions;
using Serverless.Testing;
using Shouldly;
using Xunit;

namespace Serverless.Host.Tests.Docs;

/// <summary>
/// Every command of the README and the documentation is run as it stands there, or is named here with the reason why not.
/// </summary>
public sealed partial class DocumentedCommandsTests : IDisposable
{
    private const string HostProject = "dotnet run --project src/Serverless.Host -c Release";

    /// <summary>Programs that the tests have not got, or that would reach for somebody's account.</summary>
    private static readonly Dictionary<string, string> OtherPrograms = new()
    {
        ["azd"] = "needs a subscription of Azure",
        ["az"] = "needs a subscription of Azure",
        ["func"] = "the Azure Functions Core Tools are no package that the build restores",
        ["npx"] = "downloads from npm; the tests of storage accounts start the emulator by themselves",
        ["docker"] = "needs a container runtime and a registry",
        ["kubectl"] = "needs a cluster",
        ["sqlite3"] =
            "the shell of SQLite is no package that the build restores; Open_CopyThatSqliteMadeOfAnOpenStore_HasEverything does the same",
        ["infra/check/run"] = "runs in CI, which has the tools that it compiles with",
    };

    /// <summary>Commands by how they begin.</summary>
    private static readonly Dictionary<string, string> NotRun = new()
    {
        ["OTEL_EXPORTER_OTLP_ENDPOINT="] = "needs a collector; TelemetryTests has one",
        ["dotnet test"] = "would run these tests in themselves",
        ["dotnet run --project tests/Serverless.Benchmarks"] = "measures for minutes; the projects and options are checked where they are",
        ["REWRITE_TRANSITION_TABLES=1"] = "writes files of the repository anew",
        ["dotnet publish src/Serverless.FunctionApp"] = "the tests of the function app publish it",
        ["dotnet pack"] = "the tests of the templates pack everything",
        ["dotnet new"] = "the tests of the templates install them for themselves only, and run what they create",
        ["dotnet tool restore"] = "CI does it, before it checks the layout",
        ["dotnet csharpier format"] = "CI checks that it would change nothing",
        ["dotnet format"] = "said of what is not used",
        ["dotnet user-secrets init"] = "what azd does, not the reader",
    };

    /// <summary>What has to be there before a block, and what its answer has to hold.</summary>
    private static readonly Dictionary<string, (string Setup, string Expected)> Blocks = new()
    {
        ["printf 'country,amount"] = (
            "",
            """{"rows":3,"groups":[{"key":"DE","count":2,"sum":1.75,"min":0.25,"max":1.50},{"key":"FR","count":1,"sum":2.25,"min":2.25,"max":2.25}]}"""
        ),
        ["json='content-type: application/json'\ncurl -s -X POST $api/flow_runs/$id/resume"] = (
            """id=$(start approval '{"amount": 10}'); await $id PAUSED""",
            "\"reason\":\"Reason: Validation failed. Failure reason: 'approved' is a required property\""
        ),
        ["curl -s $api/flow_runs/$id/history"] = ("id=$(start approval '{\"amount\": 10}'); await $id PAUSED", "\"flow\": \"approval\""),
        ["curl -s -X POST $api/flow_runs/bulk_set_state"] = (
            "id=$(start sleepy '{\"seconds\": 600}'); await $id RUNNING",
            "\"status\":\"ACCEPT\""
        ),
        ["curl -s -X POST $api/concurrency_limits/"] = ("id=$(deployment hello)", "\"tag\":\"database\""),
        ["curl -s -X POST $api/variables/"] = ("", "\"value\":500"),
        ["curl -s -X POST $api/flow_runs/history"] = ("", "\"interval_start\":\"2026-01-01T01:00:00Z\""),
        ["curl -s -X POST $api/ui/schemas/validate"] = ("", "'a' is not of type 'integer'"),
        ["curl localhost:7071/api/health"] = ("", "true"),
        ["curl -s -u ada:change-me"] = ("", "\"0.8.4\""),
        ["curl -s -X POST http://127.0.0.1:7071/api/schedules/preview"] = (
            "",
            "[\"2026-03-28T09:00:00+01:00\",\"2026-03-29T09:00:00+02:00\"]"
        ),
    };

    private readonly string _folder = Directory.CreateTempSubdirectory("serverless-docs-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Every_Command_IsRunOrHasAReason()
    {
        var all = MarkdownCommands.All();

        all.Count.ShouldBeGreaterThan(20);
        all.Where(command => !IsKnown(command)).ShouldBeEmpty("say in this class how it is run, or why not");
        Blocks
            .Keys.Concat(NotRun.Keys)
            .Where(begin => !all.Any(command => command.Text.StartsWith(begin, StringComparison.Ordinal)))
            .ShouldBeEmpty("no page has it any more");
    }

    [Fact]
    public void Every_Project_IsThere()
    {
        string[] projects =
        [
            .. MarkdownCommands.All().SelectMany(command => Projects().Matches(command.Text)).Select(match => match.Value).Distinct(),
        ];

        projects.Length.ShouldBeGreaterThan(2);
        projects.ShouldAllBe(project => Directory.Exists(Path.Combine(MarkdownCommands.Root, project)));
    }

    [Fact]
    public async Task Blocks_AgainstAHost_AnswerWhatTheySay()
    {
        await using var host = await HostProcess.StartAsync(Path.Combine(_folder, "data"), null, "--files", _folder);
        foreach (var command in MarkdownCommands.All())
        {
            if (Block(command) is not { } block)
            {
                continue;
            }

            (var exitCode, var output) = await ShellAsync($"{Functions}\n{block.Setup}\n{command.Text}", host.Address);

            exitCode.ShouldBe(0, $"{command}\n{output}");
            output.ShouldContain(block.Expected, Case.Sensitive, command.ToString());
        }
    }

    [Fact]
    public async Task Readme_DeploymentWithALimit_IsStillTheOneThatRuns()
    {
        DocumentedCommand command = MarkdownCommands
            .All()
            .Single(command => command.Text.StartsWith("printf 'country,amount", StringComparison.Ordinal));
        await using var host = await HostProcess.StartAsync(Path.Combine(_folder, "data"), null, "--files", _folder);

        (var exitCode, var output) = await ShellAsync(
            Functions
                + "\ncurl -s -X PATCH $api/deployments/$(deployment csv-report) -H 'content-type: application/json' -d "
                + "'{\"concurrency_limit\": 2}'\n"
                + command.Text,
            host.Address
        );

        exitCode.ShouldBe(0, output);
        output.ShouldContain("\"rows\":3");
    }

    [Fact]
    public async Task Starts_OfTheHost_BecomeReadyOrEnd()
    {
        DocumentedCommand[] starts =
        [
            .. MarkdownCommands.All().Where(command => command.Text.StartsWith(HostProject, StringComparison.Ordinal)),
        ];

        starts.ShouldContain(command => command.Text == HostProject);
        foreach (var start in starts.OrderBy(start => start.Text.Length))
        {
            string[] arguments =
            [
                .. start
                    .Text[HostProject.Length..]
                    .Split(' ', StringSplitOptions.RemoveEmptyEntries)
                    .Where(argument => argument != "--")
                    .Select(argument => argument == "./.serverless" ? Path.Combine(_folder, ".serverless") : argument),
            ];
            if (arguments.Contains("--check"))
            {
                (await HostProcess.RunAsync(arguments)).ExitCode.ShouldBe(0, start.ToString());
                continue;
            }

            await using var host = await HostProcess.StartAsync(Path.Combine(_folder, ".serverless"), null, arguments);
            using var health = await host.Client.GetAsync(new Uri("/api/health", UriKind.Relative));
            health.StatusCode.ShouldBe(HttpStatusCode.OK, start.ToString());
        }
    }

    /// <summary>What the blocks' set-ups use. Curl fails when the server refuses, and asks again while a run has not ended.</summary>
    private static string Functions =>
        """
            curl() { command curl --fail-with-body --retry 10 --retry-delay 1 --retry-all-errors "$@"; }
            api=http://127.0.0.1:7071/api
            json='content-type: application/json'
            deployment() { curl -s $api/deployments/name/$1/default | sed 's/^{"id":"\([^"]*\)".*/\1/'; }
            create() { curl -s -X POST $api/deployments/$(deployment $1)/create_flow_run -H "$json" -d "{\"parameters\": $2}"; }
            start() { create "$1" "$2" | sed 's/^{"id":"\([^"]*\)".*/\1/'; }
            reached() { curl -s $api/flow_runs/$1 | grep -q "\"state_type\":\"$2\""; }
            await() { for i in $(seq 200); do if reached $1 $2; then return 0; fi; done; return 1; }
            """;

    private static bool IsKnown(DocumentedCommand command) =>
        OtherPrograms.ContainsKey(command.Program)
        || NotRun.Keys.Any(begin => command.Text.StartsWith(begin, StringComparison.Ordinal))
        || command.Text.StartsWith(HostProject, StringComparison.Ordinal)
        || Block(command) is not null;

    private static (string Setup, string Expected)? Block(DocumentedCommand command) =>
        Blocks.FirstOrDefault(block => command.Text.StartsWith(block.Key, StringComparison.Ordinal)) is { Key: not null } found
            ? found.Value
            : null;

    private async Task<(int ExitCode, string Output)> ShellAsync(string script, Uri address)
    {
        // Only where the host listens differs from what a reader pastes.
        var local = script
            .Replace("http://127.0.0.1:7071", address.ToString().TrimEnd('/'), StringComparison.Ordinal)
            .Replace("localhost:7071", $"localhost:{address.Port}", StringComparison.Ordinal);
        using var shell = Process.Start(
            new ProcessStartInfo("bash", ["-c", "set -eu -o pipefail\n" + local])
            {
                WorkingDirectory = _folder,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                UseShellExecute = false,
            }
        )!;
        var errors = shell.StandardError.ReadToEndAsync();
        var output = await shell.StandardOutput.ReadToEndAsync();
        await shell.WaitForExitAsync();
        return (shell.ExitCode, output + await errors);
    }

    [GeneratedRegex(@"(?<=--project |dotnet build |dotnet publish |dotnet test )(src|tests)/[\w.]+", RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex Projects();
}
