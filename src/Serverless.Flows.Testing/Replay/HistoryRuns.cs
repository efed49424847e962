using Serverless.Flows.Testing.Processes;
using Serverless.Functions.FlowRuns;
using Serverless.Functions.Histories;
using Serverless.LocalRuntime.Execution;
using Serverless.LocalRuntime.History;
using Serverless.Server.Runs;

namespace Serverless.Flows.Testing.Replay;

/// <summary>Records the history of a run, and runs a flow's present code against one.</summary>
internal static class HistoryRuns
{
    /// <summary>The history of a run so far, as a host gives it out.</summary>
    /// <exception cref="FlowTestException">There is none.</exception>
    public static async Task<string> RecordAsync(TestProcess process, FlowTestRun run)
    {
        var history = await process.Get<IFlowRunHistories>().ExportAsync(run.Id);
        return history.Kind == FlowRunHistoryKind.Found ? history.Text : throw new FlowTestException($"{run}: {history.Text}");
    }

    /// <summary>The first step of a flow's present code that differs from a history, in words; null for none.</summary>
    public static async Task<string?> FindDifferenceAsync(TestProcess process, RecordedHistory history)
    {
        ExecutionIdentity identity = new(
            history.Instance,
            history.Execution,
            nameof(FlowRunOrchestrator),
            Version: string.Empty,
            ParentName: null,
            ParentId: null
        );
        var execution = process.Core.CreateReading(identity);
        using var slot = await process.Core.EnterReadAsync();
        foreach (var turn in history.Turns)
        {
            var actions = execution.Rerun(TurnOf(turn), slot);
            var calls = actions.ConvertAll(action => CallOf(action, process.Core.Converter));
            if (Compare(turn, calls, execution.Outcome) is { } difference)
            {
                return difference;
            }
        }

        return null;
    }

    private static string? Compare(RecordedTurn recorded, List<RecordedCall> calls, ExecutionOutcome? outcome)
    {
        for (var call = 0; call < Math.Max(recorded.Calls.Count, calls.Count); call++)
        {
            var before = recorded.Calls.ElementAtOrDefault(call);
            var after = calls.ElementAtOrDefault(call);
            if (before is null || after is null || !before.IsSameAs(after))
            {
                var end = outcome is ExecutionOutcome.Failed failed ? $"a failure ({failed.Failure.Message})" : "a wait for something else";
                return $"the history has {before?.ToString() ?? "nothing more before the next wait"}, "
                    + $"but the code now comes to {after?.ToString() ?? end}";
            }
        }

        return recorded.Ended == outcome is not null ? null
            : recorded.Ended ? "the history ends, but the code now goes on"
            : outcome is ExecutionOutcome.Failed { Failure.Message: var message }
                ? $"the history goes on, but the code now comes to a failure ({message})"
            : "the history goes on, but the code now ends";
    }

    private static RecordedCall CallOf(OrchestrationAction action, Microsoft.DurableTask.DataConverter converter)
    {
        var kind = action.Kind switch
        {
            ActionKind.Activity => RecordedCallKind.Activity,
            ActionKind.Timer => RecordedCallKind.Timer,
            ActionKind.SubOrchestration => RecordedCallKind.SubOrchestration,
            _ => RecordedCallKind.SendEvent,
        };
        var name = kind == RecordedCallKind.Timer ? null : action.Name;
        return new RecordedCall(kind, name, action.CallTag, CallNames.Of(kind, name, action.Input, converter));
    }

    private static Turn TurnOf(RecordedTurn turn) => new() { Time = turn.Time, Events = [.. turn.Events.Select(EventOf)] };

    private static HistoryEvent EventOf(RecordedEvent happened) =>
        new()
        {
            Kind = happened.Kind switch
            {
                RecordedEventKind.Started => HistoryEventKind.Started,
                RecordedEventKind.Completed => HistoryEventKind.TaskCompleted,
                RecordedEventKind.Failed => HistoryEventKind.TaskFailed,
                RecordedEventKind.TimerFired => HistoryEventKind.TimerFired,
                RecordedEventKind.Suspended => HistoryEventKind.Suspended,
                RecordedEventKind.Resumed => HistoryEventKind.Resumed,
                RecordedEventKind.Terminated => HistoryEventKind.Terminated,
                _ => HistoryEventKind.EventRaised,
            },
            TaskId = happened.Call ?? 0,
            Name = happened.Name,
            Data = happened.Data,
            Failure = happened.Failure is { } failure ? FailureOf(failure) : null,
            StartAt = happened.At,
        };

    private static Failure FailureOf(RecordedFailure failure) =>
        new(failure.Type, failure.Message, StackTrace: null, failure.Inner is { } inner ? FailureOf(inner) : null);
}
