using DurableTask.Core.History;
using Serverless.Conformance.Tests.Fixtures;
using Serverless.Conformance.Tests.Scripts;

namespace Serverless.Conformance.Tests;

/// <summary>The histories that the clients give.</summary>
public abstract class HistoryTests(IDurableEngine engine) : ConformanceTests(engine)
{
    /// <summary>DurableTask's host for tests has a history only of instances that are too large to be sent at once.</summary>
    private static readonly string Large = new('x', 400_000);

    [Fact]
    public async Task GetOrchestrationHistory_StepsOfEachKind_HasThemInTheirOrder()
    {
        var id = await StartAsync(nameof(HistoryScripts.StepOfEachKind), Large);
        await Client.RaiseEventAsync(id, "go", "now");
        Output<int>(await EndAsync(id)).ShouldBe(Large.Length);

        var history = await Client.GetOrchestrationHistoryAsync(id);

        string[] expected =
        [
            "started StepOfEachKind 400002",
            "0 activity Echo",
            "completed 0 400002",
            "1 activity Echo",
            "completed 1 400002",
            "2 timer",
            "fired 2",
            "3 activity Fail",
            "failed 3 bad",
            "4 child OwnId",
            "completed 4",
            "5 activity Echo",
            "completed 5 6",
            "Completed 400000",
        ];

        // An event may come in a turn of its own; the other host gives what was there when the last turn began.
        history
            .Where(step => step is not (EventRaisedEvent or OrchestratorStartedEvent or OrchestratorCompletedEvent))
            .Select(Describe)
            .ShouldBe(expected.Take(Differs(ours: expected.Length, durableTask: expected.Length - 2)));
        history[0].ShouldBeOfType<OrchestratorStartedEvent>();
        history.OfType<EventRaisedEvent>().ShouldHaveSingleItem().Name.ShouldBe("go");
    }

    [Fact]
    public async Task GetOrchestrationHistory_UnknownInstance_IsRefusedOrEmpty()
    {
        var thrown = await ThrownAsync(async () => (await Client.GetOrchestrationHistoryAsync(NewId())).ShouldBeEmpty());

        thrown?.GetType().ShouldBe(Differs<Type?>(ours: typeof(ArgumentException), durableTask: null));
    }

    private static string Describe(HistoryEvent step) =>
        step switch
        {
            ExecutionStartedEvent started => $"started {started.Name} {started.Input.Length}",
            TaskScheduledEvent scheduled => $"{scheduled.EventId} activity {scheduled.Name}",
            TimerCreatedEvent timer => $"{timer.EventId} timer",
            SubOrchestrationInstanceCreatedEvent child => $"{child.EventId} child {child.Name}",
            TaskCompletedEvent completed => $"completed {completed.TaskScheduledId} {completed.Result.Length}",
            TaskFailedEvent failed => $"failed {failed.TaskScheduledId} {failed.FailureDetails?.ErrorMessage}",
            SubOrchestrationInstanceCompletedEvent child => $"completed {child.TaskScheduledId}",
            TimerFiredEvent fired => $"fired {fired.TimerId}",
            ExecutionCompletedEvent completed => $"{completed.OrchestrationStatus} {completed.Result}",
            _ => step.EventType.ToString(),
        };

    [Collection(LocalEngineCollection.Name)]
    public sealed class OnOurs(LocalEngine engine) : HistoryTests(engine);

    [Collection(DurableTaskCollection.Name)]
    public sealed class OnDurableTask(DurableTaskEngine engine) : HistoryTests(engine);
}
