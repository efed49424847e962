using System.Text.Json;
using Serverless.Core.Filters;
using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Server.Artifacts;
using Serverless.Server.Logs;
using Serverless.Server.Outbox;
using Serverless.Server.Runs;

namespace Serverless.Server.Tests.Runs;

public sealed class FlowRunServiceTests
{
    [Fact]
    public async Task Create_RegisteredFlow_WritesRunStateAndStart()
    {
        await using var server = await TestServer.StartAsync();

        var run = await server.CreateRegisteredAsync();

        run.Name.ShouldMatch("^[a-z]+-[a-z]+$");
        run.StateType.ShouldBe(StateType.Pending);
        run.Labels["prefect.flow.id"].GetString().ShouldBe(run.FlowId.ToString());
        run.Labels["prefect.deployment.id"].GetString().ShouldBe(server.Registered.Id.ToString());
        var entry = server.Announcer.Entries.ShouldHaveSingleItem();
        (entry.Kind, entry.FlowRunId, entry.Generation).ShouldBe((OutboxKind.Start, run.Id, 1));
        (await server.OutboxAsync()).Select(stored => stored.Key).ShouldBe([entry.Key]);
    }

    [Fact]
    public async Task Create_InAFinalState_StartsNothing()
    {
        await using var server = await TestServer.StartAsync();

        await server.Runs.CreateAsync(new FlowRunCreate { FlowId = server.Registered.FlowId, State = ProposedStates.Completed() });

        (await server.OutboxAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Create_UnknownFlow_IsAConflict()
    {
        await using var server = await TestServer.StartAsync();

        await Should.ThrowAsync<RequestConflictException>(() =>
            server.Runs.CreateAsync(new FlowRunCreate { FlowId = server.Registered.Id })
        );
    }

    [Fact]
    public async Task Create_SameKeyAgain_GivesTheFirstRunAndChangesNothing()
    {
        await using var server = await TestServer.StartAsync();
        FlowRunCreate request = new()
        {
            FlowId = server.Registered.FlowId,
            IdempotencyKey = "k/1",
            Name = "first",
        };
        var first = await server.Runs.CreateAsync(request);
        var commits = server.Store.Commits;

        var second = await server.Runs.CreateAsync(request with { Name = "second" });

        (first.Created, second.Created).ShouldBe((true, false));
        second.Run.Id.ShouldBe(first.Run.Id);
        second.Run.Name.ShouldBe("first");
        server.Store.Commits.ShouldBe(commits);
    }

    [Fact]
    public async Task Create_SameKeyOfAnotherFlow_IsAnotherRun()
    {
        await using var server = await TestServer.StartAsync();
        var one = await server.Runs.CreateAsync(new FlowRunCreate { FlowId = server.Registered.FlowId, IdempotencyKey = "k" });
        var two = await server.Runs.CreateAsync(new FlowRunCreate { FlowId = server.Remote.Id, IdempotencyKey = "k" });

        two.Created.ShouldBeTrue();
        two.Run.Id.ShouldNotBe(one.Run.Id);
    }

    [Fact]
    public async Task Create_AfterACrashBetweenReservationAndRun_HealsIt()
    {
        await using var server = await TestServer.StartAsync();
        FlowRunCreate request = new() { FlowId = server.Registered.FlowId, IdempotencyKey = "k" };
        server.Store.Once(RunKeys.Runs, () => throw new OperationCanceledException("The process ends here."));
        await Should.ThrowAsync<OperationCanceledException>(() => server.Runs.CreateAsync(request));

        var healed = await server.Runs.CreateAsync(request);
        var again = await server.Runs.CreateAsync(request);

        (healed.Created, again.Created).ShouldBe((true, false));
        again.Run.Id.ShouldBe(healed.Run.Id);
        (await server.Runs.CountAsync(new FlowRunQuery())).ShouldBe(1);
        (await server.OutboxAsync()).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Create_SameKeyAtOnce_CreatesOneRun()
    {
        await using var server = await TestServer.StartAsync();
        FlowRunCreate request = new() { FlowId = server.Registered.FlowId, IdempotencyKey = "k" };

        var created = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => server.Runs.CreateAsync(request))));

        created.Count(each => each.Created).ShouldBe(1);
        created.Select(each => each.Run.Id).Distinct().Count().ShouldBe(1);
        (await server.OutboxAsync()).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Create_SameKeyAfterDeletion_IsANewRun()
    {
        await using var server = await TestServer.StartAsync();
        FlowRunCreate request = new() { FlowId = server.Remote.Id, IdempotencyKey = "k" };
        var deleted = (await server.Runs.CreateAsync(request)).Run;
        await server.Runs.DeleteAsync(deleted.Id);

        var created = await server.Runs.CreateAsync(request);

        created.Created.ShouldBeTrue();
        created.Run.Id.ShouldNotBe(deleted.Id);
    }

    [Fact]
    public async Task CreateSubflow_Repeated_GivesTheRunThatExistsAndNoOutboxEntry()
    {
        await using var server = await TestServer.StartAsync();
        var parent = await server.CreateRunningAsync();
        var start = TestServer.StartOf(parent.Id);
        await server.Gate.BeginTaskRunAsync(start);
        var id = Core.Ids.StableIds.From(start.TaskRunId, "subflow");
        FlowRunCreate request = new() { FlowId = server.Registered.FlowId, ParentTaskRunId = start.TaskRunId };

        var first = await server.Runs.CreateSubflowAsync(id, parent.Id, request);
        var second = await server.Runs.CreateSubflowAsync(id, parent.Id, request);

        (first!.Created, second!.Created, second.Run.Id).ShouldBe((true, false, id));
        (await server.OutboxAsync()).Count.ShouldBe(1);
        (
            await server.Runs.FilterAsync(
                new FlowRunQuery { FlowRuns = new FlowRunFilter { ParentFlowRunId = new IdFilter { Any = [parent.Id] } } }
            )
        )
            .Select(run => run.Id)
            .ShouldBe([id]);
        (
            await server.Runs.FilterAsync(
                new FlowRunQuery { FlowRuns = new FlowRunFilter { ParentTaskRunId = new IdFilter { Any = [start.TaskRunId] } } }
            )
        )
            .Select(run => run.Id)
            .ShouldBe([id]);
    }

    [Fact]
    public async Task CreateSubflow_OfADeletedRun_AnswersNull()
    {
        await using var server = await TestServer.StartAsync();
        var parent = await server.CreateRunningAsync();
        var id = Core.Ids.StableIds.From(parent.Id, "subflow");
        FlowRunCreate request = new() { FlowId = server.Registered.FlowId };
        await server.Runs.CreateSubflowAsync(id, parent.Id, request);
        await server.Runs.DeleteAsync(id);

        (await server.Runs.CreateSubflowAsync(id, parent.Id, request)).ShouldBeNull();
        (await server.Runs.GetAsync(id)).ShouldBeNull();
    }

    [Fact]
    public async Task CreateFromDeployment_InvalidParameters_IsAConflictThatNamesThem()
    {
        await using var server = await TestServer.StartAsync();

        var conflict = await Should.ThrowAsync<RequestConflictException>(() =>
            server.Runs.CreateFromDeploymentAsync(
                server.Registered.Id,
                new DeploymentFlowRunCreate { Parameters = Parameters("""{"count": "x"}""") }
            )
        );

        conflict.Message.ShouldStartWith("Error creating flow run: Validation failed for field 'count'.");
    }

    [Fact]
    public async Task CreateFromDeployment_ValidParameters_IsScheduledWithTheDeploymentsTags()
    {
        await using var server = await TestServer.StartAsync();

        var created = await server.Runs.CreateFromDeploymentAsync(
            server.Registered.Id,
            new DeploymentFlowRunCreate { Parameters = Parameters("""{"count": 3}"""), Tags = ["mine", "sample"] }
        );

        var run = created.ShouldNotBeNull().Run;
        run.StateType.ShouldBe(StateType.Scheduled);
        run.NextScheduledStartTime.ShouldBe(server.Time.GetUtcNow());
        run.DeploymentId.ShouldBe(server.Registered.Id);
        run.Tags.ShouldBe(["sample", "mine"]);
        run.Parameters["count"].GetInt32().ShouldBe(3);
    }

    [Fact]
    public async Task Delete_AtOnceHidesTheRunAndSaysToPurge()
    {
        await using var server = await TestServer.StartAsync(columns: false);
        var run = await server.CreateRunningAsync();

        (await server.Runs.DeleteAsync(run.Id)).ShouldBeTrue();

        (await server.Runs.DeleteAsync(run.Id)).ShouldBeFalse();
        (await server.Runs.GetAsync(run.Id)).ShouldBeNull();
        (await server.Runs.GetStatesAsync(run.Id)).ShouldBeEmpty();
        (await server.Runs.CountAsync(new FlowRunQuery())).ShouldBe(0);
        (await server.ListAsync(RunKeys.AllRuns)).ShouldBeEmpty();
        (
            await server.Gate.ProposeFlowRunStateAsync(run.Id, ProposedStates.Completed(), TransitionOrigin.Orchestrator)
        ).ShouldBeOfType<GateAnswer.Missing>();
        var entry = server.Announcer.Entries.Last();
        (entry.Kind, entry.FlowRunId, entry.Generation, entry.StateType).ShouldBe((OutboxKind.Purge, run.Id, 1, null));
    }

    [Fact]
    public async Task Purge_InterruptedAndRepeated_LeavesNoRow()
    {
        await using var server = await TestServer.StartAsync(columns: false);
        var run = await server.CreateRunningAsync();
        for (var index = 0; index < 120; index++)
        {
            var start = TestServer.StartOf(run.Id, index);
            await server.Gate.BeginTaskRunAsync(start);
            await server.Gate.ProposeTaskRunStateAsync(run.Id, start.TaskRunId, ProposedStates.Completed(), "1");
        }

        var logs = server.Get<RunLogs>();
        logs.Write(new LogEntry(run.Id, null, server.Time.GetUtcNow(), 20, "flow", "hello"));
        await logs.FlushAsync(run.Id);
        await server
            .Get<ArtifactService>()
            .CreateAsync(
                new Artifact
                {
                    Id = run.Id,
                    Key = "table",
                    FlowRunId = run.Id,
                }
            );
        await server.Runs.DeleteAsync(run.Id);
        var left = 2;
        server.Store.BeforeCommit = commit =>
            commit.Operations[0].Address.Table == RunKeys.Runs && left-- == 0
                ? throw new OperationCanceledException("The process ends here.")
                : Task.CompletedTask;
        await Should.ThrowAsync<OperationCanceledException>(() => server.Runs.PurgeAsync(run.Id));
        server.Store.BeforeCommit = null;

        await server.Runs.PurgeAsync(run.Id);
        await server.Runs.PurgeAsync(run.Id);

        foreach (var table in new[] { RunKeys.Runs, RunKeys.TaskRuns, LogKeys.Logs, ArtifactKeys.Artifacts, ArtifactKeys.Lists })
        {
            (await server.Store.CountAsync(table)).ShouldBe(0, table);
        }

        (await server.Store.CountAsync(RunKeys.Index)).ShouldBe((await server.OutboxAsync()).Count);
    }

    [Fact]
    public async Task Purge_OfARunThatIsNotDeleted_DoesNothing()
    {
        await using var server = await TestServer.StartAsync();
        var run = await server.CreateRunningAsync();

        await server.Runs.PurgeAsync(run.Id);

        (await server.Runs.GetStatesAsync(run.Id)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Get_RunningForAWhile_EstimatesItsTimes()
    {
        await using var server = await TestServer.StartAsync();
        var run = await server.CreateRunningAsync();
        server.Time.Advance(TimeSpan.FromSeconds(90));

        (await server.Runs.GetAsync(run.Id)).ShouldNotBeNull().EstimatedRunTime.ShouldBe(90, 0.001);
    }

    internal static Dictionary<string, JsonElement> Parameters(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.EnumerateObject().ToDictionary(member => member.Name, member => member.Value.Clone());
    }
}
