using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Server.Events;
using Serverless.Server.Runs;

namespace Serverless.Server.Tests.Events;

public sealed class EventIntakeTests : IAsyncLifetime, IDisposable
{
    private readonly Guid _task = Guid.NewGuid();
    private readonly CollectedLogs _logs = new();
    private TestServer _server = null!;
    private Guid _flowRun;
    private DateTimeOffset _start;

    public async Task InitializeAsync()
    {
        _server = await TestServer.StartAsync(services => services.AddSingleton<ILoggerProvider>(_logs));
        _flowRun = (await _server.CreateRemoteAsync(ProposedStates.Running())).Id;
        _start = _server.Time.GetUtcNow();
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    public void Dispose() => _logs.Dispose();

    [Fact]
    public async Task Take_StatesOfATaskRun_CreatesItAndFollows()
    {
        await TakeAsync(StateType.Pending, 0);
        await TakeAsync(StateType.Running, 1, runCount: 1);
        await TakeAsync(StateType.Completed, 2, runCount: 1, message: "done");

        var run = (await _server.TaskRuns.GetAsync(_task)).ShouldNotBeNull();
        (run.Name, run.TaskKey, run.DynamicKey, run.FlowRunId).ShouldBe(("add-abc", "add-1234", "0-abc", _flowRun));
        (run.StateType, run.StateName, run.RunCount, run.TotalRunTime).ShouldBe((StateType.Completed, "Completed", 1, 1.5));
        run.Tags.ShouldBe(["blue"]);
        run.Labels.Keys.ShouldBe(["prefect.flow.id", "prefect.flow-run.id", "team"], ignoreOrder: true);
        run.TaskInputs["x"].ShouldHaveSingleItem().Type.ShouldBe("int");
        run.State!.Message.ShouldBe("done");
        (run.State.StateDetails.FlowRunId, run.State.StateDetails.TaskRunId, run.State.StateDetails.CacheKey).ShouldBe(
            (_flowRun, _task, "key")
        );
        await ShouldHaveAsync(_task, "Pending", "Running", "Completed");
        _logs.Lines.ShouldBeEmpty();
    }

    [Fact]
    public async Task Take_TheSameEventAgain_RecordsItOnce()
    {
        var pending = Of(StateType.Pending, 0);
        var running = Of(StateType.Running, 1);
        foreach (var reported in (Event[])[pending, running, pending, running, running])
        {
            await TakeAsync(reported);
        }

        await ShouldHaveAsync(_task, "Pending", "Running");
    }

    [Theory]
    [InlineData(2, 1, 0)]
    [InlineData(1, 0, 2)]
    [InlineData(0, 2, 1)]
    [InlineData(1, 2, 0)]
    public async Task Take_InAnotherOrder_EndsInTheLatestState(params int[] order)
    {
        Event[] events = [Of(StateType.Pending, 0), Of(StateType.Running, 1, runCount: 1), Of(StateType.Failed, 2, runCount: 1)];
        foreach (var place in order)
        {
            await TakeAsync(events[place]);
        }

        await ShouldHaveAsync(_task, "Pending", "Running", "Failed");
        var run = (await _server.TaskRuns.GetAsync(_task))!;
        (run.StateType, run.RunCount).ShouldBe((StateType.Failed, 1));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Take_ManyStatesInAnyOrderAndTwice_RecordsEachInItsPlace(int seed)
    {
        Random random = new(seed);
        var message = new string('m', 600);
        var events = Enumerable
            .Range(0, 40)
            .Select(i => Of(i % 2 == 0 ? StateType.Running : StateType.Scheduled, i / 3 * 3, name: $"s{i}", message: message))
            .ToArray();
        Event[] sent = [.. events, .. events];
        random.Shuffle(sent);

        foreach (var reported in sent)
        {
            await TakeAsync(reported);
        }

        var states = await _server.TaskRuns.GetStatesAsync(_task);
        states.Select(state => state.Id).ShouldBe(events.Select(reported => reported.Id), ignoreOrder: true);
        states.Select(state => state.Timestamp).ShouldBe(states.Select(state => state.Timestamp).Order());
        states.Select(state => state.Timestamp).Distinct().Count().ShouldBe(states.Count);
        var run = (await _server.TaskRuns.GetAsync(_task))!;
        run.StateId.ShouldBe(states[^1].Id);
    }

    [Fact]
    public async Task Take_ManyAtOnce_LosesNone()
    {
        var events = Enumerable.Range(0, 30).Select(i => Of(StateType.Running, i, name: $"s{i}")).ToArray();

        await Parallel.ForEachAsync(events, async (reported, _) => await TakeAsync(reported));

        await ShouldHaveAsync(_task, [.. events.Select((_, i) => $"s{i}")]);
    }

    [Fact]
    public async Task Take_TheSameCallUnderAnotherId_IsTheSameTaskRun()
    {
        await TakeAsync(StateType.Pending, 0);
        await TakeAsync(TaskRunEvents.Of(_flowRun, Guid.NewGuid(), StateType.Running, _start.AddSeconds(1)));

        await ShouldHaveAsync(_task, "Pending", "Running");
        (await _server.TaskRuns.GetAsync(_task))!.State!.StateDetails.TaskRunId.ShouldBe(_task);
    }

    [Fact]
    public async Task Take_TaskRunOutsideAnyFlow_IsRecorded()
    {
        await TakeAsync(TaskRunEvents.Of(null, _task, StateType.Pending, _start));
        await TakeAsync(TaskRunEvents.Of(null, _task, StateType.Completed, _start.AddSeconds(1)));

        await ShouldHaveAsync(_task, "Pending", "Completed");
        (await _server.TaskRuns.GetAsync(_task))!.FlowRunId.ShouldBeNull();
    }

    [Fact]
    public async Task Take_AfterTheFlowRunEnded_IsRecorded()
    {
        await _server.Gate.SetFlowRunStateAsync(_flowRun, ProposedStates.Completed());

        await TakeAsync(StateType.Running, 0);
        await TakeAsync(StateType.Completed, 1);

        await ShouldHaveAsync(_task, "Running", "Completed");
    }

    [Fact]
    public async Task Take_StateAfterOneThatTheApiSet_GoesOnFromThere()
    {
        await TakeAsync(StateType.Pending, 0);
        await _server.Gate.SetTaskRunStateAsync(_task, ProposedStates.Running());
        _server.Time.Advance(TimeSpan.FromMinutes(1));
        await TakeAsync(StateType.Completed, 60);

        await ShouldHaveAsync(_task, "Pending", "Running", "Completed");
    }

    [Fact]
    public async Task Take_OfARunThatIsNotThere_IsPassedOverWithALine()
    {
        await TakeAsync(TaskRunEvents.Of(Guid.NewGuid(), _task, StateType.Pending, _start));

        (await _server.TaskRuns.GetAsync(_task)).ShouldBeNull();
        _logs.Lines.ShouldHaveSingleItem().ShouldContain("there is no flow run");
    }

    [Fact]
    public async Task Take_OfADeletedTaskRun_DoesNotBringItBack()
    {
        await TakeAsync(StateType.Pending, 0);
        await _server.TaskRuns.DeleteAsync(_task);

        await TakeAsync(StateType.Running, 1);

        (await _server.TaskRuns.GetAsync(_task)).ShouldBeNull();
        _logs.Lines.ShouldHaveSingleItem().ShouldContain("there is another task run");
    }

    [Fact]
    public async Task Take_OfAFlowRunThatIsDeletedMeanwhile_LeavesNothing()
    {
        _server.Store.Once(
            RunKeys.Runs,
            async () =>
            {
                await _server.Runs.DeleteAsync(_flowRun);
                await _server.Runs.PurgeAsync(_flowRun);
            }
        );

        await TakeAsync(StateType.Pending, 0);

        (await _server.Store.KeysAsync(RunKeys.Runs, RunKeys.Partition(_flowRun))).ShouldBeEmpty();
    }

    [Fact]
    public async Task Take_OfATaskRunOfThisApp_ChangesNothing()
    {
        var flowRun = await _server.CreateRunningAsync();
        var start = TestServer.StartOf(flowRun.Id);
        await _server.Gate.BeginTaskRunAsync(start);

        await TakeAsync(TaskRunEvents.Of(flowRun.Id, start.TaskRunId, StateType.Completed, _start.AddDays(1), dynamicKey: "0"));

        (await _server.TaskRuns.GetStatesAsync(start.TaskRunId)).ShouldAllBe(state => state.Type != StateType.Completed);
        _logs.Lines.ShouldHaveSingleItem().ShouldContain("belongs to this app");
    }

    [Fact]
    public async Task Take_WhatTheServerJudgedItself_IsNotRecorded()
    {
        await TakeAsync(TaskRunEvents.Of(_flowRun, _task, StateType.Pending, _start, orchestration: "server"));

        (await _server.TaskRuns.GetAsync(_task)).ShouldBeNull();
        _logs.Lines.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"task_run": {"task_key": "a", "dynamic_key": "b"}}""")]
    [InlineData("""{"task_run": 5, "validated_state": {"type": "PENDING"}}""")]
    [InlineData("""{"task_run": {"task_key": "a"}, "validated_state": {"type": "PENDING"}}""")]
    [InlineData("""{"task_run": {"task_key": "a", "dynamic_key": "b"}, "validated_state": {"type": "NONE"}}""")]
    [InlineData("""{"task_run": {"task_key": "a", "dynamic_key": "b", "run_count": "x"}, "validated_state": {"type": "PENDING"}}""")]
    public async Task Take_PayloadWrong_IsPassedOverWithALine(string payload)
    {
        var reported = Of(StateType.Pending, 0) with
        {
            Payload = System.Text.Json.JsonSerializer.Deserialize(
                payload,
                Core.Json.WireContext.Default.IReadOnlyDictionaryStringJsonElement
            )!,
        };

        await TakeAsync(reported);

        (await _server.TaskRuns.GetAsync(_task)).ShouldBeNull();
        _logs.Lines.ShouldHaveSingleItem().ShouldContain("is passed over");
    }

    [Fact]
    public async Task Take_ClockThatGoesBack_KeepsTheTimeOfTheClient()
    {
        await TakeAsync(TaskRunEvents.Of(_flowRun, _task, StateType.Pending, _start.AddTicks(7)));

        (await _server.TaskRuns.GetStatesAsync(_task)).ShouldHaveSingleItem().Timestamp.Ticks.ShouldBe(_start.Ticks, "microseconds only");
    }

    private Event Of(StateType type, int seconds, int runCount = 0, string? name = null, string? message = null) =>
        TaskRunEvents.Of(_flowRun, _task, type, _start.AddSeconds(seconds), runCount, name, message);

    private Task TakeAsync(StateType type, int seconds, int runCount = 0, string? message = null) =>
        TakeAsync(Of(type, seconds, runCount, null, message));

    private Task TakeAsync(Event reported) => _server.Get<EventIntake>().TakeAsync(reported);

    private async Task ShouldHaveAsync(Guid taskRunId, params string[] names) =>
        (await _server.TaskRuns.GetStatesAsync(taskRunId)).Select(state => state.Name).ShouldBe(names);
}
