using System.Text.Json;
using Microsoft.DurableTask.Client;
using Serverless.LocalRuntime.Execution;
using Serverless.LocalRuntime.History;
using Serverless.Storage;

namespace Serverless.LocalRuntime.Instances;

/// <summary>One turn on its way: what the orchestrator did, and the one commit that makes it durable.</summary>
internal sealed class TurnCommit(string id, RuntimeCore core, InstanceRecord record, OrchestrationExecution execution, DateTimeOffset now)
{
    private readonly List<RowOperation> _history = [];
    private readonly List<RowOperation> _trimmed = [];

    /// <summary>The instance as it is after the turn.</summary>
    public InstanceRecord Record { get; private set; } = record with { UpdatedAt = now };

    /// <summary>The execution that continues; a new one after a continue-as-new.</summary>
    public OrchestrationExecution Execution { get; private set; } = execution;

    /// <summary>The executions that ran in this turn, and the steps that they took.</summary>
    public List<(OrchestrationExecution Execution, List<OrchestrationAction> Actions)> Runs { get; } = [];

    /// <summary>Runs the orchestrator on the events.</summary>
    /// <param name="events">What happened.</param>
    /// <param name="unsentTurns">Takes the turn in when it sends events.</param>
    /// <param name="slot">The right to run its code.</param>
    /// <exception cref="TurnLostException">It took so long that the instance was taken over.</exception>
    public void Run(List<HistoryEvent> events, SortedSet<int> unsentTurns, TurnSlot slot)
    {
        Turn turn = new() { Time = now, Events = events };
        var actions = Execution.Run(turn, slot);
        Runs.Add((Execution, actions));
        if (actions.Any(action => action.Kind == ActionKind.SendEvent))
        {
            unsentTurns.Add(Execution.Turns - 1);
        }

        var bytes = JsonSerializer.SerializeToUtf8Bytes(turn, HistoryJson.Stored.Turn);
        var row = Record.Rows;
        _history.AddRange(InstanceRows.History(id, Record.Execution, row, bytes));
        Record = Record with
        {
            Rows = row + Chunks.RowsFor(bytes.Length),
            Turns = Record.Turns + 1,
            Events = Record.Events + events.Count,
            Status =
                Execution.Suspended ? OrchestrationRuntimeStatus.Suspended
                : Execution.Begun ? OrchestrationRuntimeStatus.Running
                : OrchestrationRuntimeStatus.Pending,
        };
    }

    /// <summary>Ends the execution, and begins the next one if it continues as new.</summary>
    public void End(ExecutionOutcome outcome, SortedSet<int> unsentTurns, TurnSlot slot)
    {
        switch (outcome)
        {
            case ExecutionOutcome.Completed completed:
                Finish(OrchestrationRuntimeStatus.Completed, completed.Output, null);
                break;
            case ExecutionOutcome.Terminated terminated:
                Finish(OrchestrationRuntimeStatus.Terminated, terminated.Output, null);
                break;
            case ExecutionOutcome.Failed failed:
                Finish(OrchestrationRuntimeStatus.Failed, null, failed.Failure);
                break;
            case ExecutionOutcome.ContinuedAsNew continued:
                Continue(continued, unsentTurns, slot);
                break;
            default:
                throw new InvalidOperationException($"Unknown outcome {outcome.GetType()}.");
        }
    }

    /// <summary>Makes the turn durable.</summary>
    /// <returns>The instance row's new ETag.</returns>
    /// <exception cref="InstanceConflictException">Somebody else writes the instance, or an earlier commit of unknown outcome came
    /// late.</exception>
    public async Task<string> CommitAsync(InstanceRecord? before, string? etag, SortedSet<int> unsentTurns)
    {
        Record = Record with
        {
            CustomStatus = Execution.Abandoned ? Record.CustomStatus : Execution.CustomStatus,
            WakeAt = Record.IsFinal ? null : Execution.WakeAt,
            UnsentTurn = unsentTurns.Count == 0 ? null : unsentTurns.Min,
            PendingWork = !Record.IsFinal && (Execution.HasCalls || unsentTurns.Count > 0 || Execution.Outcome is not null),
        };

        var row = InstanceRows.Write(Record);
        var commit = new RowCommit().Add(
            etag is null ? RowOperation.Insert(InstanceKeys.Instance(id), row) : RowOperation.Replace(InstanceKeys.Instance(id), row, etag)
        );
        foreach (var operation in _history.Concat(InstanceRows.Outputs(Record)).Concat(_trimmed))
        {
            commit.Add(operation);
        }

        if (Record.IsFinal && before is { IsFinal: false })
        {
            commit.AddDerived(RowOperation.Delete(InstanceKeys.Open(id)));
        }
        else if (!Record.IsFinal && before is not { IsFinal: false })
        {
            commit.AddDerived(RowOperation.Upsert(InstanceKeys.Open(id), []));
        }

        var result = await core.Store.Rows.CommitAsync(commit, CancellationToken.None);
        return result.Conflict is { } conflict
            ? throw new InstanceConflictException(
                $"Instance '{id}' is written by another process: row '{conflict}' was changed. Only one process may own the "
                    + "instances of a store."
            )
            : result.ETags[0]!;
    }

    private void Finish(OrchestrationRuntimeStatus status, string? output, Failure? failure) =>
        Record = Record with { Status = status, Output = output, Failure = failure };

    private void Continue(ExecutionOutcome.ContinuedAsNew continued, SortedSet<int> unsentTurns, TurnSlot slot)
    {
        // The old history goes with the same commit as far as a commit holds it; the rest is trimmed later.
        var deletable = Record.Rows - _history.Count;
        _history.Clear();
        var all = deletable <= InstanceStore.MaxOperations / 2;
        if (all)
        {
            _trimmed.AddRange(
                Enumerable.Range(0, deletable).Select(row => RowOperation.Delete(InstanceKeys.History(id, Record.Execution, row)))
            );
        }

        var next = Record.Execution + 1;
        Record = Record with
        {
            Execution = next,
            FirstExecution = all && Record.FirstExecution == Record.Execution ? next : Record.FirstExecution,
            Rows = 0,
            Turns = 0,
            Events = 0,
            Version = continued.Version ?? Record.Version,
        };
        Execution = core.CreateExecution(Record);
        Run([new HistoryEvent { Kind = HistoryEventKind.Started, Data = continued.Input }, .. continued.Events], unsentTurns, slot);
    }
}
