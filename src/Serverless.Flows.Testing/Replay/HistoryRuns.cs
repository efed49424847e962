using Microsoft.DurableTask.Client;
using Serverless.Flows.Testing.Processes;
using Serverless.Functions.FlowRuns;
using Serverless.LocalRuntime.Execution;
using Serverless.LocalRuntime.History;
using Serverless.LocalRuntime.Instances;
using Serverless.Server.Outbox;
using Serverless.Server.Runs;

namespace Serverless.Flows.Testing.Replay;

/// <summary>Records the history of a run, and runs a flow's present code against one.</summary>
internal static class HistoryRuns
{
    /// <summary>The history of a run so far.</summary>
    /// <exception cref="FlowTestException">The run has not begun.</exception>
    public static async Task<RecordedHistory> RecordAsync(TestProcess process, FlowTestRun run)
    {
        var generation = await process.Get<FlowRunService>().GetGenerationAsync(run.Id);
        if (
            generation is null
            || await process.Core.Store.ReadAsync(OutboxEntry.InstanceIdOf(run.Id, generation.Value), CancellationToken.None)
                is not { Record: var record }
        )
        {
            throw new FlowTestException($"{run} has not begun: there is no history.");
        }

        List<Turn> turns = [];
        await foreach (var turn in process.Core.Store.ReadHistoryAsync(record.Id, record.Execution, CancellationToken.None))
        {
            turns.Add(turn);
        }

        List<RecordedTurn> recorded = [];
        await RunAsync(
            process,
            record,
            turns,
            (turn, calls, _) =>
            {
                recorded.Add(new RecordedTurn(turn, calls));
                return true;
            }
        );
        return new RecordedHistory(RecordedHistory.PresentFormat, run.Flow, record.Id, record.Incarnation, record.Execution, recorded);
    }

    /// <summary>The first step of a flow's present code that differs from a history, in words; null for none.</summary>
    public static async Task<string?> FindDifferenceAsync(TestProcess process, RecordedHistory history)
    {
        string? difference = null;
        var position = 0;
        var now = process.Clock.GetUtcNow();
        InstanceRecord record = new()
        {
            Id = history.Instance,
            Name = nameof(FlowRunOrchestrator),
            Status = OrchestrationRuntimeStatus.Running,
            CreatedAt = now,
            UpdatedAt = now,
            Incarnation = history.Incarnation,
            Execution = history.Execution,
            RootId = history.Instance,
        };
        await RunAsync(
            process,
            record,
            [.. history.Turns.Select(turn => turn.Turn)],
            (turn, calls, outcome) =>
            {
                var recorded = history.Turns[position++];
                difference = Compare(recorded, calls, outcome);
                return difference is null;
            }
        );
        return difference;
    }

    private static string? Compare(RecordedTurn recorded, List<string> calls, ExecutionOutcome? outcome)
    {
        for (var call = 0; call < Math.Max(recorded.Calls.Count, calls.Count); call++)
        {
            var before = recorded.Calls.ElementAtOrDefault(call);
            var after = calls.ElementAtOrDefault(call);
            if (before != after)
            {
                var end = outcome is ExecutionOutcome.Failed failed ? $"a failure ({failed.Failure.Message})" : "a wait for something else";
                return $"the history has {before ?? "nothing more before the next wait"}, but the code now comes to {after ?? end}";
            }
        }

        return recorded.Turn.Ended == outcome is not null ? null
            : recorded.Turn.Ended ? "the history ends, but the code now goes on"
            : "the history goes on, but the code now ends";
    }

    private static async Task RunAsync(
        TestProcess process,
        InstanceRecord record,
        IReadOnlyList<Turn> turns,
        Func<Turn, List<string>, ExecutionOutcome?, bool> took
    )
    {
        var execution = process.Core.CreateExecution(record);
        using var slot = await process.Core.EnterLoadAsync(record.Id);
        foreach (var turn in turns)
        {
            var actions = execution.Rerun(turn, slot);
            if (!took(turn, actions.ConvertAll(action => CallNames.Of(action, process.Core.Converter)), execution.Outcome))
            {
                return;
            }
        }
    }
}
