using DurableTask.Core.Exceptions;
using Serverless.LocalRuntime.History;

namespace Serverless.LocalRuntime.Instances;

/// <summary>
/// What becomes of the starts of an instance: a new one, an answer, or a wait. Used by the instance's pump, but for
/// <see cref="NoneWaits"/>.
/// </summary>
internal sealed class StartAdmission(string id, RuntimeCore core)
{
    private readonly List<InstanceMessage> _waiting = [];

    /// <summary>True when no start waits. Read by the evicting thread while no pump runs.</summary>
    public bool NoneWaits => _waiting.Count == 0;

    /// <summary>True when the start asks for the id of a live instance, which has to be terminated before.</summary>
    public static bool MustEndFirst(InstanceMessage.Start start, InstanceRecord? record) =>
        record is { IsFinal: false } live && start.Parent is null && !start.Keeps.Contains(live.Status);

    /// <summary>
    /// Keeps a start until the instance in its place is gone: it has ended, but the events that it sent have not arrived.
    /// </summary>
    public void Wait(InstanceMessage start) => _waiting.Add(start);

    /// <summary>The starts that wait, which are to be taken again.</summary>
    public IReadOnlyList<InstanceMessage> TakeWaiting()
    {
        InstanceMessage[] taken = [.. _waiting];
        _waiting.Clear();
        return taken;
    }

    /// <summary>Decides on a start: true when a new instance is to be made.</summary>
    /// <param name="start">The start.</param>
    /// <param name="record">The instance of that id; null for none.</param>
    public async ValueTask<bool> AdmitAsync(InstanceMessage.Start start, InstanceRecord? record)
    {
        if (record is null)
        {
            return true;
        }

        if (start.Parent is null)
        {
            if (!start.Keeps.Contains(record.Status))
            {
                return true;
            }

            start.Done?.TrySetException(
                new OrchestrationAlreadyExistsException(
                    $"An orchestration instance with the id '{id}' exists already; it is {record.Status}."
                )
            );
            return false;
        }

        if (record.Parent == start.Parent)
        {
            // Started before, and the parent asks again after a restart.
            if (record.IsFinal && await core.Store.ReadWholeAsync(id, core.Stopping) is { } ended)
            {
                InstanceEffects.NotifyParent(core, ended);
            }

            return false;
        }

        if (!record.IsFinal)
        {
            Failure taken = new(
                typeof(OrchestrationAlreadyExistsException).FullName!,
                $"The id '{id}' belongs to another orchestration that has not ended."
            );
            InstanceEffects.Notify(
                core,
                start.Parent,
                new HistoryEvent
                {
                    Kind = HistoryEventKind.TaskFailed,
                    TaskId = start.Parent.TaskId,
                    Failure = taken,
                }
            );
        }

        return record.IsFinal;
    }
}
