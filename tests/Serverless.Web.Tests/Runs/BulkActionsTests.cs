using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Serverless.Core.Filters;
using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Web.Runs;

namespace Serverless.Web.Tests.Runs;

/// <summary>Cancelling, deleting and retrying many runs at once.</summary>
public sealed class BulkActionsTests
{
    [Theory]
    [InlineData(true, "10,000")]
    [InlineData(false, "1,000")]
    public async Task Ask_MoreRunsThanAreCounted_SaysSo(bool columns, string most)
    {
        await using var server = await WebServer.StartAsync(columns: columns);
        var many = columns ? 10_001 : 1_001;
        await Parallel.ForEachAsync(
            Enumerable.Range(0, many),
            new ParallelOptions { MaxDegreeOfParallelism = 64 },
            async (number, _) => await RunsPageTests.NamedAsync(server, $"many-{number}", ProposedStates.Completed())
        );

        var (status, html) = await server.ActAsync("/runs", "/act/runs/delete-ask", ("filter", "/runs?name=many-"));

        status.ShouldBe(200);
        html.ShouldContain($"Delete more than {most} runs");
    }

    /// <summary>More than other pages can do at all: in steps of 50, each of which reads and changes no more than that.</summary>
    [Fact]
    public async Task DeleteAll_MoreThanTenThousand_DeletesThemStepByStep()
    {
        await using var server = await WebServer.StartAsync();
        const int Many = 10_050;
        await Parallel.ForEachAsync(
            Enumerable.Range(0, Many),
            new ParallelOptions { MaxDegreeOfParallelism = 64 },
            async (number, _) => await RunsPageTests.NamedAsync(server, $"many-{number}", ProposedStates.Completed())
        );
        await RunsPageTests.NamedAsync(server, "kept", ProposedStates.Completed());
        var page = await server.PageAsync("/runs");
        var token = Regex
            .Match(page, "name=\"_token\" value=\"(?<token>[^\"]*)\"", RegexOptions.None, TimeSpan.FromSeconds(1))
            .Groups["token"]
            .Value;
        (string, string)[] form = [("_token", token), ("filter", "/runs?name=many-")];

        var steps = 1;
        var (_, html) = await server.SendAsync("/act/runs/delete-all", form);
        while (html.Contains("so far", StringComparison.Ordinal))
        {
            steps++;
            (_, html) = await server.SendAsync("/act/runs/delete-all", [.. form, .. Hidden(html)]);
        }

        html.ShouldContain("10,050 runs deleted.");
        steps.ShouldBe(Many / 50);
        (await server.Runs.CountAsync(new FlowRunQuery())).ShouldBe(1);
    }

    [Fact]
    public async Task Ask_BeforeManyAreChanged_SaysHowManyAndWhat()
    {
        await using var server = await WebServer.StartAsync();
        await RunsPageTests.NamedAsync(server, "a-1", ProposedStates.Completed());
        await RunsPageTests.NamedAsync(server, "a-2", ProposedStates.Failed());
        await RunsPageTests.NamedAsync(server, "a-3", ProposedStates.Scheduled());
        await RunsPageTests.WithAsync(server, "a-4", """{"size": 3}""");

        (await AskAsync("delete", "/runs?name=a-")).ShouldContain("Delete 4 runs</b>: all that match the filters, with their task runs");
        (await AskAsync("retry", "/runs?name=a-")).ShouldContain("Retry 1 run</b>");
        (await AskAsync("cancel", "/runs?name=a-")).ShouldContain("Cancel 1 run</b>");
        (await AskAsync("delete", "/runs?params=size")).ShouldContain("Delete 1 run</b>");
        (await AskAsync("cancel", "/runs?state=completed")).ShouldContain("No run matches that this can be done to.");
        await AskAsync("delete", "/runs", 422);
        (await server.Runs.CountAsync(new FlowRunQuery())).ShouldBe(4);

        async Task<string> AskAsync(string action, string filter, int expected = 200)
        {
            var (status, html) = await server.ActAsync("/runs", $"/act/runs/{action}-ask", ("filter", filter));
            status.ShouldBe(expected, html);
            return html;
        }
    }

    [Fact]
    public async Task Retry_TickedRuns_StartsThoseThatEnded()
    {
        await using var server = await WebServer.StartAsync();
        var failed = await FailedAsync(server, "failed");
        var completed = await FailedAsync(server, "completed", ProposedStates.Completed());
        var open = await FailedAsync(server, "open", ProposedStates.Scheduled(server.Time.GetUtcNow().AddHours(1)));

        var (_, html) = await server.ActAsync(
            "/runs",
            "/act/runs/retry",
            ("id", $"{failed.Id}"),
            ("id", $"{open.Id}"),
            ("id", $"{Guid.NewGuid()}")
        );

        html.ShouldContain("1 run started again. 2 runs did not allow it: It has not ended.");
        (await server.Runs.GetAsync(failed.Id)).ShouldNotBeNull().StateName.ShouldBe(StateNames.AwaitingRetry);
        (await server.Runs.GetAsync(open.Id)).ShouldNotBeNull().StateId.ShouldBe(open.StateId);
        (await server.Runs.GetAsync(completed.Id)).ShouldNotBeNull().StateType.ShouldBe(StateType.Completed);
    }

    [Fact]
    public async Task RetryAll_ThatMatch_StartsEachFailedRunOnceInSteps()
    {
        await using var server = await WebServer.StartAsync();
        List<FlowRun> failed = [];
        for (var number = 0; number < 60; number++)
        {
            failed.Add(await FailedAsync(server, $"again-{number}"));
        }

        var completed = await FailedAsync(server, "again-completed", ProposedStates.Completed());
        var alone = await RunsPageTests.NamedAsync(server, "again-alone", ProposedStates.Failed());
        (string, string)[] filter = [("filter", "/runs?name=again-")];

        var (_, first) = await server.ActAsync("/runs", "/act/runs/retry-all", filter);
        var (_, last) = await server.ActAsync("/runs", "/act/runs/retry-all", [.. filter, .. Hidden(first)]);
        var (_, late) = await server.ActAsync("/runs", "/act/runs/retry-all", ("filter", "/runs?state=late,running&name=again-"));

        first.ShouldContain("started again, 1 did not allow it so far");
        last.ShouldContain("60 runs started again, 1 did not allow it.");
        late.ShouldContain("0 runs started again.");
        foreach (var run in failed)
        {
            (await server.Runs.GetAsync(run.Id)).ShouldNotBeNull().StateName.ShouldBe(StateNames.AwaitingRetry);
        }

        (await server.Runs.GetAsync(completed.Id)).ShouldNotBeNull().StateId.ShouldBe(completed.StateId);
        (await server.Runs.GetAsync(alone.Id)).ShouldNotBeNull().StateId.ShouldBe(alone.StateId);
    }

    [Fact]
    public async Task Cancel_TickedRuns_SaysHowManyDidNotAllowIt()
    {
        await using var server = await WebServer.StartAsync();
        var open = await RunsPageTests.NamedAsync(server, "open", ProposedStates.Scheduled());
        var over = await RunsPageTests.NamedAsync(server, "over", ProposedStates.Completed());

        var (_, html) = await server.ActAsync("/runs", "/act/runs/cancel", ("id", $"{open.Id}"), ("id", $"{over.Id}"), ("id", "nonsense"));

        html.ShouldContain("1 run told to stop. 1 run did not allow it");
        (await server.Runs.GetAsync(open.Id)).ShouldNotBeNull().StateType.ShouldBe(StateType.Cancelled);
        (await server.ActAsync("/runs", "/act/runs/cancel")).Status.ShouldBe(422);
    }

    [Fact]
    public async Task DeleteAll_ThatMatch_GoesInStepsAndLeavesTheOthers()
    {
        await using var server = await WebServer.StartAsync();
        var kept = await RunsPageTests.NamedAsync(server, "kept", ProposedStates.Completed());
        for (var number = 0; number < 60; number++)
        {
            await RunsPageTests.NamedAsync(server, $"old-{number}", ProposedStates.Failed());
        }

        (string, string)[] filter = [("filter", "/runs?name=old-")];
        var (_, first) = await server.ActAsync("/runs", "/act/runs/delete-all", filter);
        await RunsPageTests.NamedAsync(server, "old-but-made-meanwhile", ProposedStates.Failed());
        var (_, last) = await server.ActAsync("/runs", "/act/runs/delete-all", [.. filter, .. Hidden(first)]);

        first.ShouldContain("50 runs deleted so far");
        last.ShouldContain("60 runs deleted.");
        (await server.Runs.GetAsync(kept.Id)).ShouldNotBeNull();
        (await server.Runs.CountAsync(new() { })).ShouldBe(2);
        (await server.ActAsync("/runs", "/act/runs/delete-all", ("filter", "/runs"))).Status.ShouldBe(422);
    }

    [Fact]
    public async Task CancelAll_ThatMatch_EndsAlsoWhenSomeDoNotAllowIt()
    {
        await using var server = await WebServer.StartAsync();
        for (var number = 0; number < 3; number++)
        {
            await RunsPageTests.NamedAsync(server, $"open-{number}", ProposedStates.Scheduled());
        }

        var (_, html) = await server.ActAsync("/runs", "/act/runs/cancel-all", ("filter", "/runs?name=open-"));

        html.ShouldContain("3 runs told to stop.");
    }

    /// <summary>What the page sends with the next step.</summary>
    private static IEnumerable<(string Name, string Value)> Hidden(string html) =>
        Regex
            .Matches(html, "name=\"(?<name>after|done|refused)\" value=\"(?<value>[^\"]*)\"", RegexOptions.None, TimeSpan.FromSeconds(1))
            .Select(field => (field.Groups["name"].Value, WebUtility.HtmlDecode(field.Groups["value"].Value)));

    /// <summary>A run of a deployment, which can be started again.</summary>
    private static async Task<FlowRun> FailedAsync(TestServer server, string name, ProposedState? state = null) =>
        (
            await server.Runs.CreateAsync(
                new FlowRunCreate
                {
                    FlowId = server.Registered.FlowId,
                    DeploymentId = server.Registered.Id,
                    Name = name,
                    State = state ?? ProposedStates.Failed(),
                }
            )
        ).Run;
}
