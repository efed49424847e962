using System.Text.Json;
using System.Text.Json.Nodes;
using Serverless.Core.Filters;
using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Core.Transitions;
using Serverless.Server.Events;
using Serverless.Server.Runs;
using Serverless.Server.Runs.Writing;
using Serverless.Storage;
using Serverless.Testing;

namespace Serverless.Server.Tests.Events;

/// <summary>What those who follow events hear of the states of runs.</summary>
public sealed class EventFeedTests : IAsyncLifetime
{
    private TestServer _server = null!;
    private LiveEventFollower _follower = null!;

    public async Task InitializeAsync()
    {
        _server = await TestServer.StartAsync();
        _follower = _server.Get<LiveEvents>().Follow(new EventFilter(), backfill: true);
    }

    public async Task DisposeAsync()
    {
        _follower.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task FlowRun_CreatedAndExecuted_IsToldStateByState()
    {
        var run = await _server.CreateRunningAsync();
        await _server.Gate.ProposeFlowRunStateAsync(run.Id, ProposedStates.Completed(), TransitionOrigin.Orchestrator, resultJson: "1");

        var events = await TakenAsync();

        await ShouldBeTheStatesOfAsync(run.Id, events);
        events.Select(told => told.Name).ShouldBe(["prefect.flow-run.Pending", "prefect.flow-run.Running", "prefect.flow-run.Completed"]);
        events[0].Payload["initial_state"].ValueKind.ShouldBe(JsonValueKind.Null);
        events[0].Payload["intended"].GetRawText().ShouldBe("""{"from":null,"to":"PENDING"}""");
        events[0]
            .Related.Select(resource => (resource[Event.ResourceId], resource[Event.ResourceRole]))
            .ShouldBe([
                ($"prefect.flow.{run.FlowId}", "flow"),
                ($"prefect.deployment.{run.DeploymentId}", "deployment"),
                ("prefect.tag.sample", "tag"),
            ]);
        events[1].Resource["prefect.run-count"].ShouldBe("1");
        events.ShouldAllBe(told => told.Resource[Event.ResourceId] == $"prefect.flow-run.{run.Id}");
    }

    [Fact]
    public async Task FlowRun_OfADeploymentsCreation_NamesItsCreator()
    {
        var created = await _server.Runs.CreateAsync(
            new FlowRunCreate
            {
                FlowId = _server.Remote.Id,
                Tags = ["b", "a"],
                State = ProposedStates.Paused(),
            }
        );
        await TakenAsync();
        FlowRunStates states = new(
            created.Run with
            {
                CreatedBy = new CreatedBy
                {
                    Id = Guid.Empty,
                    Type = "DEPLOYMENT",
                    DisplayValue = "nightly",
                },
            },
            null,
            [created.Run.State!]
        );

        var told = (await states.EventsAsync(_server.Get<RelatedObjects>())).ShouldHaveSingleItem();

        told.Related.Skip(1)
            .Select(resource => string.Join(' ', resource.Select(label => $"{label.Key}={label.Value}")))
            .ShouldBe([
                "prefect.resource.id=prefect.tag.a prefect.resource.role=tag",
                "prefect.resource.id=prefect.tag.b prefect.resource.role=tag",
                $"prefect.resource.id=prefect.deployment.{Guid.Empty} prefect.resource.role=creator prefect.resource.name=nightly",
            ]);
        told.Payload["validated_state"].GetRawText().ShouldContain("\"pause_reschedule\":\"false\"");
    }

    [Fact]
    public async Task FlowRun_LongAgoInItsState_DoesNotNameTheEventBefore()
    {
        var run = await _server.CreateRemoteAsync(ProposedStates.Running());
        _server.Time.Advance(TimeSpan.FromMinutes(5));
        await _server.Gate.SetFlowRunStateAsync(run.Id, ProposedStates.Completed());

        (await TakenAsync())[^1].Follows.ShouldBeNull();
    }

    [Theory]
    [InlineData(null, "")]
    [InlineData("short", "short")]
    public void Truncate_ShortMessage_IsAsItWas(string? message, string expected) => StateEvents.Truncate(message).ShouldBe(expected);

    [Fact]
    public void Truncate_LongMessage_HasItsBeginningAndItsEnd()
    {
        var half = new string('a', 49_999);

        StateEvents.Truncate(half + "aa" + half).ShouldBe(half + "aa" + half);
        StateEvents.Truncate(half + "ab" + new string('x', 1_000) + half + "a").ShouldBe($"{half}a...1001 additional characters...{half}a");
        StateEvents.Truncate(half + "😀" + new string('x', 1_000) + "😀" + half).ShouldBe($"{half}...1004 additional characters...{half}");
    }

    [Fact]
    public async Task Subflow_NamesTheTaskRunInItsParent()
    {
        var parent = await _server.CreateRunningAsync();
        var start = TestServer.StartOf(parent.Id);
        await _server.Gate.BeginTaskRunAsync(start);
        await _server.Runs.CreateAsync(new FlowRunCreate { FlowId = _server.Remote.Id, ParentTaskRunId = start.TaskRunId });

        var told = (await TakenAsync())[^1];

        told.RelatedIn("task-run").ShouldNotBeNull()[Event.ResourceId].ShouldBe($"prefect.task-run.{start.TaskRunId}");
    }

    [Fact]
    public async Task TaskRunOfThisApp_IsToldAsClientsTellOfTheirs()
    {
        var run = await _server.CreateRunningAsync();
        var start = TestServer.StartOf(run.Id) with { Tags = ["sample", "blue"] };
        await _server.Gate.BeginTaskRunAsync(start);
        await _server.Gate.ProposeTaskRunStateAsync(run.Id, start.TaskRunId, ProposedStates.Completed("fine"), "[1,2]");

        var events = (await TakenAsync()).Where(told => told.Name.StartsWith("prefect.task-run.", StringComparison.Ordinal)).ToList();

        var states = await _server.TaskRuns.GetStatesAsync(start.TaskRunId);
        events.Select(told => told.Id).ShouldBe(states.Select(state => state.Id));
        events.Select(told => told.Follows).ShouldBe([null, states[0].Id, states[1].Id]);
        var last = events[^1];
        last.Name.ShouldBe("prefect.task-run.Completed");
        last.Occurred.ShouldBe(states[^1].Timestamp);
        last.Resource[Event.ResourceId].ShouldBe($"prefect.task-run.{start.TaskRunId}");
        last.Resource["prefect.state-type"].ShouldBe("COMPLETED");
        last.Related.Select(resource => resource[Event.ResourceId])
            .ShouldBe([
                "prefect.tag.blue",
                "prefect.tag.sample",
                $"prefect.flow-run.{run.Id}",
                $"prefect.flow.{run.FlowId}",
                $"prefect.deployment.{run.DeploymentId}",
            ]);
        JsonNode
            .DeepEquals(
                JsonNode.Parse(last.Payload["validated_state"].GetRawText()),
                JsonNode.Parse("""{"type": "COMPLETED", "name": "Completed", "message": "fine", "state_details": {}, "data": null}""")
            )
            .ShouldBeTrue(last.Payload["validated_state"].GetRawText());
        var said = last.Payload["task_run"];
        said.GetProperty("task_key").GetString().ShouldBe("task");
        said.GetProperty("run_count").GetInt32().ShouldBe(1);
        foreach (var member in new[] { "id", "state", "state_id", "flow_run_id", "cache_key", "estimated_run_time" })
        {
            said.TryGetProperty(member, out _).ShouldBeFalse(member);
        }
    }

    [Fact]
    public async Task TaskRunOfAClient_IsToldByTheClientOnly()
    {
        var run = await _server.CreateRemoteAsync(ProposedStates.Running());
        var reported = TaskRunEvents.Of(run.Id, Guid.NewGuid(), StateType.Running, _server.Time.GetUtcNow());

        await _server.Get<EventIntake>().TakeAsync(reported);

        (await TakenAsync()).Skip(1).ShouldHaveSingleItem().Id.ShouldBe(reported.Id);
    }

    /// <summary>Somebody else reads the state and writes the next one before the first writer learns that it has written.</summary>
    [Fact]
    public async Task FlowRun_NextStateIsWrittenBeforeTheAnswerToTheFirst_IsToldInOrder()
    {
        var run = await _server.CreateRemoteAsync(ProposedStates.Pending());
        _server.Store.AfterCommit = _ =>
        {
            _server.Store.AfterCommit = null;
            Task.Run(() => _server.Gate.SetFlowRunStateAsync(run.Id, ProposedStates.Completed()))
                .Wait(TimeSpan.FromSeconds(30))
                .ShouldBeTrue();
        };

        await _server.Gate.SetFlowRunStateAsync(run.Id, ProposedStates.Running());

        var events = await TakenAsync();
        events.Select(told => told.Name).ShouldBe(["prefect.flow-run.Pending", "prefect.flow-run.Running", "prefect.flow-run.Completed"]);
        await ShouldBeTheStatesOfAsync(run.Id, events);
    }

    [Fact]
    public async Task FlowRuns_ManyAtOnce_EachIsToldInOrderAndOnce()
    {
        const int Runs = 40;
        var runs = await Task.WhenAll(Enumerable.Range(0, Runs).Select(_ => _server.CreateRemoteAsync(ProposedStates.Pending())));

        // Three writers a run, which get in each other's way.
        await Task.WhenAll(
            runs.SelectMany(run => Enumerable.Repeat(run, 3))
                .Select(run =>
                    Task.Run(async () =>
                    {
                        await _server.Gate.SetFlowRunStateAsync(run.Id, ProposedStates.Running());
                        await _server.Gate.SetFlowRunStateAsync(run.Id, ProposedStates.Scheduled(), force: true);
                        await _server.Gate.SetFlowRunStateAsync(run.Id, ProposedStates.Running(), force: true);
                    })
                )
        );

        var events = await TakenAsync();
        foreach (var run in runs)
        {
            var told = events.Where(each => each.Resource[Event.ResourceId] == $"prefect.flow-run.{run.Id}").ToList();
            await ShouldBeTheStatesOfAsync(run.Id, told);
        }
    }

    [Fact]
    public async Task FlowRun_ChangeIsRefusedOrChangesNothing_IsNotTold()
    {
        var run = await _server.CreateRemoteAsync(ProposedStates.Pending());
        await TakenAsync();

        // Refused by a rule; no state; another tag; deleted.
        (await _server.Gate.SetFlowRunStateAsync(run.Id, ProposedStates.Pending())).Status.ShouldBe(SetStateStatus.Abort);
        await _server.Get<RunEdits>().UpdateAsync(run.Id, new FlowRunUpdate { Tags = ["x"] });
        await _server.Runs.DeleteAsync(run.Id);

        (await TakenAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task FlowRun_StoreIsAway_IsNotTold()
    {
        var run = await _server.CreateRemoteAsync(ProposedStates.Pending());
        await TakenAsync();
        _server.Store.BeforeCommit = _ => throw new RowStoreUnavailableException("It is away.");

        await Should.ThrowAsync<RowStoreUnavailableException>(() => _server.Gate.SetFlowRunStateAsync(run.Id, ProposedStates.Running()));

        _server.Store.BeforeCommit = null;
        (await TakenAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task FlowRun_SomebodyElseWasFaster_IsToldOnce()
    {
        var run = await _server.CreateRemoteAsync(ProposedStates.Pending());
        _server.Store.Once(RunKeys.Runs, () => _server.Gate.SetFlowRunStateAsync(run.Id, ProposedStates.Running("other")));

        await _server.Gate.SetFlowRunStateAsync(run.Id, ProposedStates.Completed());

        await ShouldBeTheStatesOfAsync(run.Id, await TakenAsync());
    }

    [Fact]
    public async Task FlowRun_SomebodyFollowsWhileItIsWritten_IsTold()
    {
        _follower.Dispose();
        _server.Time.Advance(LiveEvents.Patience);
        _server.Get<LiveEvents>().IsWatched.ShouldBeFalse();
        _server.Store.AfterCommit = _ => _follower = _server.Get<LiveEvents>().Follow(new EventFilter(), backfill: true);

        var run = await _server.CreateRemoteAsync(ProposedStates.Pending());

        _server.Store.AfterCommit = null;
        (await TakenAsync()).ShouldHaveSingleItem().Id.ShouldBe(run.StateId!.Value);
    }

    [Fact]
    public async Task FlowRun_CannotBeLookedUp_TheNextOneIsTold()
    {
        var run = await _server.CreateRemoteAsync(ProposedStates.Pending());
        await TakenAsync();
        _server.Time.Advance(TimeSpan.FromMinutes(5));
        _server.Store.Damaged.Add(Server.Flows.FlowKeys.ByName("remote"));
        await _server.Gate.SetFlowRunStateAsync(run.Id, ProposedStates.Running());
        (await TakenAsync()).ShouldBeEmpty();

        _server.Store.Damaged.Clear();
        await _server.Gate.SetFlowRunStateAsync(run.Id, ProposedStates.Completed());

        (await TakenAsync()).ShouldHaveSingleItem().Name.ShouldBe("prefect.flow-run.Completed");
    }

    /// <summary>Who begins to write more than can be told does not wait, and nothing of it is kept.</summary>
    [Fact]
    public async Task Reserve_TooMuchWaits_IsMissedUntilThereIsRoom()
    {
        var feed = _server.Get<EventFeed>();
        FlowRunChange change = new()
        {
            After = (await _server.Get<RunReader>().FlowRunAsync((await _server.CreateRemoteAsync(ProposedStates.Pending())).Id, default))!,
        };
        change = change with { Written = [change.After!.Run.State!] };
        await TakenAsync();
        using (feed.Reserve(change))
        {
            for (var i = 0; i < EventFeed.MostWaiting + 100; i++)
            {
                feed.Pass(Named($"{i}"));
            }
        }

        var names = new List<string>();
        while (names.LastOrDefault() != $"{EventFeed.MostWaiting - 2}")
        {
            await _follower.WaitAsync(CancellationToken.None).WaitAsync(Waiting.Patience);
            while (_follower.TryTake() is { } next)
            {
                names.Add(next.Event.Name);
            }
        }

        names.ShouldBe(Enumerable.Range(0, EventFeed.MostWaiting - 1).Select(i => $"{i}"));
        (await TakenAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Reserve_NobodyFollows_AllocatesNothing()
    {
        var run = await _server.CreateRemoteAsync(ProposedStates.Pending());
        var stored = await _server.Get<RunReader>().FlowRunAsync(run.Id, CancellationToken.None);
        FlowRunChange change = new() { After = stored, Written = [run.State!] };
        _follower.Dispose();
        _server.Time.Advance(LiveEvents.Patience);
        var feed = _server.Get<EventFeed>();
        static void Write(EventFeed feed, FlowRunChange change)
        {
            using var place = feed.Reserve(change);
            feed.Written(place, change);
        }

        Write(feed, change);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++)
        {
            Write(feed, change);
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    private async Task ShouldBeTheStatesOfAsync(Guid flowRunId, IReadOnlyList<ReceivedEvent> events)
    {
        var states = await _server.Runs.GetStatesAsync(flowRunId);
        events.Select(told => told.Id).ShouldBe(states.Select(state => state.Id));
        events.Select(told => told.Occurred).ShouldBe(states.Select(state => state.Timestamp));
        events.Select(told => told.Name).ShouldBe(states.Select(state => $"prefect.flow-run.{state.Name}"));
        events.Select(told => told.Follows).ShouldBe([null, .. states.SkipLast(1).Select(state => (Guid?)state.Id)]);
    }

    private Event Named(string name) =>
        new()
        {
            Id = Guid.NewGuid(),
            Occurred = _server.Time.GetUtcNow(),
            Name = name,
            Resource = new Dictionary<string, string> { [Event.ResourceId] = "r" },
        };

    /// <summary>What has been told until now.</summary>
    private async Task<List<ReceivedEvent>> TakenAsync()
    {
        var mark = Guid.NewGuid().ToString();
        _server.Get<EventFeed>().Pass(Named(mark));
        List<ReceivedEvent> events = [];
        while (true)
        {
            await _follower.WaitAsync(CancellationToken.None).WaitAsync(Waiting.Patience);
            while (_follower.TryTake() is { } next)
            {
                if (next.Event.Name == mark)
                {
                    return events;
                }

                events.Add(next.Event);
            }
        }
    }
}
