using Microsoft.DurableTask.Client;
using Serverless.LocalRuntime.Activities;
using Serverless.LocalRuntime.Execution;
using Serverless.LocalRuntime.History;

namespace Serverless.LocalRuntime.Instances;

/// <summary>
/// What an instance's durable turns cause outside it: activities, sub-orchestrations, events for others, the parent's
/// answer. Used by the instance's pump.
/// </summary>
internal sealed class InstanceEffects(string id, RuntimeCore core)
{
    private static readonly TimeSpan ResendDelay = TimeSpan.FromSeconds(1);

    /// <summary>The activities that are queued or run in this process.</summary>
    private readonly HashSet<(string ExecutionId, int TaskId)> _activities = [];

    /// <summary>The turns whose sent events have not arrived durably.</summary>
    public SortedSet<int> UnsentTurns { get; } = [];

    /// <summary>True when nothing that was caused is still to come back.</summary>
    public bool AreDone => _activities.Count == 0 && UnsentTurns.Count == 0;

    /// <summary>The instance has ended; nothing that comes back is of interest.</summary>
    public void Clear()
    {
        _activities.Clear();
        UnsentTurns.Clear();
    }

    /// <summary>Hands the outcome of a sub-orchestration to its parent.</summary>
    public static void Notify(RuntimeCore core, ParentLink parent, HistoryEvent outcome) =>
        core.Post(parent.InstanceId, new InstanceMessage.TaskEnded { ExecutionId = parent.ExecutionId, Event = outcome });

    /// <summary>Does what the committed turn decided.</summary>
    public void CarryOut(TurnCommit commit)
    {
        if (commit.Record.IsFinal)
        {
            commit.Execution.Closed = commit.Record.Status == OrchestrationRuntimeStatus.Terminated;
            _activities.Clear();
            NotifyParent(core, commit.Record);
        }

        core.Wakes.Set(id, commit.Record.IsFinal ? null : commit.Record.WakeAt);
        foreach ((var execution, var actions) in commit.Runs)
        {
            // What is terminated starts nothing any more, not even what it came to in its last turn.
            foreach (var action in actions.Where(_ => commit.Record.Status != OrchestrationRuntimeStatus.Terminated))
            {
                StartCall(execution, action, commit.Record);
            }

            SendEvents(execution, [.. actions.Where(action => action.Kind == ActionKind.SendEvent)], execution.Turns - 1);
        }
    }

    /// <summary>Sends events to other instances; a turn's events count as unsent until the receivers have them durably.</summary>
    public void SendEvents(OrchestrationExecution execution, List<OrchestrationAction> sends, int turn)
    {
        if (sends.Count > 0)
        {
            UnsentTurns.Add(turn);
            _ = DeliverAsync(execution.Identity.ExecutionId, sends, turn);
        }
    }

    /// <summary>Starts the activities and sub-orchestrations of an execution that nobody works on.</summary>
    public void Recover(OrchestrationExecution execution, InstanceRecord record)
    {
        RecoverActivities(execution, record);
        foreach (var call in execution.Calls.Where(call => call.Kind == ActionKind.SubOrchestration).ToList())
        {
            StartCall(execution, call, record);
        }
    }

    /// <summary>Starts the activities that are neither queued nor running.</summary>
    public void RecoverActivities(OrchestrationExecution execution, InstanceRecord record)
    {
        foreach (var call in execution.Calls.Where(call => call.Kind == ActionKind.Activity).ToList())
        {
            if (!_activities.Contains((execution.Identity.ExecutionId, call.Id)))
            {
                StartCall(execution, call, record);
            }
        }
    }

    /// <summary>An activity has come back, and its outcome is durable or of no interest.</summary>
    public void Ended(InstanceMessage.TaskEnded ended)
    {
        if (_activities.Remove((ended.ExecutionId, ended.Event.TaskId)))
        {
            core.Activities.Settled(ended.ExecutionId, ended.Event.TaskId);
        }
    }

    /// <summary>Tells the orchestration that started this one how it ended.</summary>
    public static void NotifyParent(RuntimeCore core, InstanceRecord ended)
    {
        if (ended.Parent is not { } parent)
        {
            return;
        }

        var outcome = ended.Status switch
        {
            OrchestrationRuntimeStatus.Completed => new HistoryEvent
            {
                Kind = HistoryEventKind.TaskCompleted,
                TaskId = parent.TaskId,
                Data = ended.Output,
            },
            OrchestrationRuntimeStatus.Terminated => new HistoryEvent
            {
                Kind = HistoryEventKind.TaskFailed,
                TaskId = parent.TaskId,
                Failure = new Failure(
                    "Terminated",
                    ended.Output is null ? "The sub-orchestration was terminated." : $"The sub-orchestration was terminated: {ended.Output}"
                ),
            },
            _ => new HistoryEvent
            {
                Kind = HistoryEventKind.TaskFailed,
                TaskId = parent.TaskId,
                Failure = ended.Failure ?? new Failure("Failed", "The sub-orchestration failed."),
            },
        };
        Notify(core, parent, outcome);
    }

    /// <summary>Completed once a sub-orchestration that was started before is stored, or is known not to be there.</summary>
    public async Task StoredAsync(string childId)
    {
        TaskCompletionSource<InstanceRecord> reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        core.Post(childId, new InstanceMessage.Await { Condition = static _ => true, Reached = reached });
        await ((Task)reached.Task).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Completed once a sub-orchestration and all below it are terminated.</summary>
    public Task TerminatedAsync(string childId, HistoryEvent termination)
    {
        TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        core.Post(
            childId,
            new InstanceMessage.External
            {
                Event = termination,
                Recursive = true,
                Done = done,
            }
        );
        return done.Task;
    }

    private void StartCall(OrchestrationExecution execution, OrchestrationAction action, InstanceRecord record)
    {
        if (action.Kind == ActionKind.Activity)
        {
            if (!record.IsFinal)
            {
                _activities.Add((execution.Identity.ExecutionId, action.Id));
            }

            core.ActivitiesOf(action.Name).Enqueue(new ActivityWork(record.RootId, id, execution, action));
        }
        else if (action.Kind == ActionKind.SubOrchestration)
        {
            ParentLink parent = new(id, record.Name, execution.Identity.ExecutionId, action.Id);
            core.Post(
                action.InstanceId!,
                new InstanceMessage.Start
                {
                    Name = action.Name,
                    Input = action.Input,
                    Version = action.Version,
                    Tags = action.Tags,
                    Parent = parent,
                    RootId = record.RootId,
                }
            );
        }
    }

    private async Task DeliverAsync(string executionId, List<OrchestrationAction> sends, int turn)
    {
        foreach (var send in sends)
        {
            HistoryEvent raised = new()
            {
                Kind = HistoryEventKind.EventRaised,
                Name = send.Name,
                Data = send.Input,
                Source = $"{executionId}:{send.Id}",
            };
            while (!core.Stopping.IsCancellationRequested)
            {
                TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);
                core.Post(send.InstanceId!, new InstanceMessage.External { Event = raised, Done = done });
                await done.Task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                if (done.Task.IsCompletedSuccessfully)
                {
                    break;
                }

                await Task.Delay(ResendDelay, core.Time, core.Stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        core.Post(id, new InstanceMessage.Sent { ExecutionId = executionId, Turn = turn });
    }
}
