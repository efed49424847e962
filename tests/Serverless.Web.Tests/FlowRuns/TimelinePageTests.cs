using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Server.Runs;

namespace Serverless.Web.Tests.FlowRuns;

public sealed class TimelinePageTests
{
    [Fact]
    public async Task Read_ARangeOfTheTimeline_ShowsWhatExecutedThen()
    {
        await using var server = await WebServer.StartAsync();
        var run = await server.CreateRemoteAsync(ProposedStates.Running());
        var start = server.Time.GetUtcNow();
        await TaskAsync(server, run.Id, "early");
        server.Time.Advance(TimeSpan.FromMinutes(10));
        await TaskAsync(server, run.Id, "later");
        var page = $"/runs/flow-run/{run.Id}";

        var all = await server.PageAsync(page);
        var zoomed = await server.PageAsync($"{page}?from={start.AddMinutes(9):yyyy-MM-ddTHH:mm:ssZ}&tab=states");
        var nothing = await server.PageAsync($"{page}?from=2000-01-01&to=2000-01-02");

        Labels(all).ShouldBe(["early", "later"]);
        Labels(zoomed).ShouldBe(["later"]);
        zoomed.ShouldContain("Show all of it");
        zoomed.ShouldContain("&amp;tab=logs");
        nothing.ShouldContain("Nothing happened in this time.");
        all.ShouldContain($"data-brush=\"{page}\"");
        all.ShouldContain("class=\"crit\"");
    }

    [Fact]
    public async Task Read_ATaskRunThatAwaitsItsRetry_ShowsTheAttemptAndAWait()
    {
        await using var server = await WebServer.StartAsync();
        var run = await server.CreateRunningAsync();
        var start = TestServer.StartOf(run.Id);
        await server.Gate.BeginTaskRunAsync(start);
        server.Time.Advance(TimeSpan.FromSeconds(1));
        var again = ProposedStates.Scheduled(server.Time.GetUtcNow().AddHours(1)) with { Name = StateNames.AwaitingRetry };
        (await server.Gate.SetTaskRunStateAsync(start.TaskRunId, again, force: true)).Status.ShouldBe(SetStateStatus.Accept);
        server.Time.Advance(TimeSpan.FromMinutes(10));

        var html = await server.PageAsync($"/runs/flow-run/{run.Id}");

        html.ShouldContain("<rect class=\"fill-failed\"");
        html.ShouldContain("<rect class=\"wait\"");
        html.ShouldNotContain("<rect class=\"fill-retry\"");
    }

    [Fact]
    public async Task Read_ARunThatWasPaused_ShowsWhen()
    {
        await using var server = await WebServer.StartAsync();
        var run = await server.CreateRemoteAsync(ProposedStates.Running());
        await TaskAsync(server, run.Id, "early");
        await server.Gate.SetFlowRunStateAsync(run.Id, ProposedStates.Paused(server.Time.GetUtcNow().AddHours(9)));
        server.Time.Advance(TimeSpan.FromHours(2));
        await server.Gate.SetFlowRunStateAsync(run.Id, ProposedStates.Running());
        await TaskAsync(server, run.Id, "later");

        var html = await server.PageAsync($"/runs/flow-run/{run.Id}");

        html.ShouldContain("Paused for 2 h.");
        html.ShouldContain("Nothing happened for 2 h.");
    }

    [Fact]
    public async Task Read_OpenSubflow_ShowsItsTaskRunsInPlace()
    {
        await using var server = await WebServer.StartAsync();
        var parent = await server.CreateRemoteAsync(ProposedStates.Running());
        var standIn = await TaskAsync(server, parent.Id, "child-0");
        var child = (
            await server.Runs.CreateAsync(
                new FlowRunCreate
                {
                    FlowId = server.Remote.Id,
                    ParentTaskRunId = standIn,
                    Name = "the-child",
                    State = ProposedStates.Running(),
                }
            )
        ).Run;
        await TaskAsync(server, child.Id, "inside");
        var page = $"/runs/flow-run/{parent.Id}";

        var closed = await server.PageAsync(page);
        var open = await server.PageAsync($"{page}?open={child.Id},nonsense");

        Labels(closed).ShouldBe(["the-child"]);
        closed.ShouldContain($"href=\"{page}?open={child.Id}\"");
        Labels(open).ShouldBe(["the-child", "inside"]);
        open.ShouldContain($"aria-label=\"Hide the task runs of the-child\"");
    }

    private static async Task<Guid> TaskAsync(TestServer server, Guid flowRunId, string name)
    {
        var (task, _) = await server.Gate.CreateTaskRunAsync(
            new TaskRunCreate
            {
                FlowRunId = flowRunId,
                Name = name,
                TaskKey = name,
                DynamicKey = "0",
                State = ProposedStates.Running(),
            }
        );
        server.Time.Advance(TimeSpan.FromSeconds(5));
        await server.Gate.ProposeTaskRunStateAsync(flowRunId, task.Id, ProposedStates.Completed());
        return task.Id;
    }

    private static List<string> Labels(string html)
    {
        List<string> labels = [];
        var at = 0;
        while ((at = html.IndexOf("class=\"label\"", at, StringComparison.Ordinal)) >= 0)
        {
            at = html.IndexOf('>', at) + 1;
            labels.Add(html[at..html.IndexOf('<', at)].Trim());
        }

        return labels;
    }
}
