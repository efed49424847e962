using System.Diagnostics.CodeAnalysis;
using Serverless.LocalRuntime.Functions;
using Serverless.LocalRuntime.History;
using Serverless.LocalRuntime.Instances;
using Serverless.Storage;

namespace Serverless.LocalRuntime.Activities;

/// <summary>Runs activities, a bounded number at once, fairly between the orchestrations they belong to.</summary>
internal sealed class ActivityQueue(RuntimeCore core, int maxConcurrent)
{
    private readonly Lock _lock = new();
    private readonly FairQueue<ActivityWork> _waiting = new();
    private int _running;

    /// <summary>How many run.</summary>
    public int Running
    {
        get
        {
            lock (_lock)
            {
                return _running;
            }
        }
    }

    /// <summary>How many wait to run.</summary>
    public int Waiting
    {
        get
        {
            lock (_lock)
            {
                return _waiting.Count;
            }
        }
    }

    public void Enqueue(ActivityWork work)
    {
        core.HandedOver();
        if (core.Activities.IsOnProbation(work))
        {
            // Beside the queue, in which it would take the place of others while it waits to be alone.
            ThreadPool.UnsafeQueueUserWorkItem(
                static state => _ = state.Queue.RunAsync(state.Work),
                (Queue: this, Work: work),
                preferLocal: false
            );
            return;
        }

        lock (_lock)
        {
            if (_running >= maxConcurrent)
            {
                _waiting.Enqueue(work.RootId, work);
                return;
            }

            _running++;
        }

        Start(work);
    }

    private void Start(ActivityWork work) =>
        ThreadPool.UnsafeQueueUserWorkItem(
            static state => _ = state.Queue.RunAllAsync(state.Work),
            (Queue: this, Work: work),
            preferLocal: false
        );

    /// <summary>Runs an activity, and then whichever is next.</summary>
    private async Task RunAllAsync(ActivityWork first)
    {
        var work = first;
        do
        {
            await RunAsync(work);
        } while ((work = Next()) is not null);
    }

    private ActivityWork? Next()
    {
        lock (_lock)
        {
            if (!core.Stopping.IsCancellationRequested && _waiting.TryDequeue(out var next))
            {
                return next;
            }

            _running--;
            return null;
        }
    }

    [SuppressMessage(
        "Design",
        "CA1031:Do not catch general exception types",
        Justification = "Whatever an activity throws is its outcome."
    )]
    private async Task RunAsync(ActivityWork work)
    {
        if (work.Execution.Closed)
        {
            return;
        }

        var taskId = work.Action.Id;
        HistoryEvent outcome;
        if (core.Activities.Verdict(work) is { } verdict)
        {
            core.Logger.ActivitySetAside(work.InstanceId, verdict.Message);
            Post(
                work,
                new HistoryEvent
                {
                    Kind = HistoryEventKind.TaskFailed,
                    TaskId = taskId,
                    Failure = Failure.From(verdict),
                }
            );
            return;
        }

        using var mark = await core.Activities.AdmitAsync(work);
        if (mark is null || core.Stopping.IsCancellationRequested || work.Execution.Closed)
        {
            return;
        }

        mark.Begin();
        try
        {
            var function =
                core.Catalog.Find(FunctionKind.Activity, work.Action.Name)
                ?? throw new FunctionNotFoundException(FunctionKind.Activity, work.Action.Name, work.Action.Version);
            using var deferred = core.Defers(function) ? DeferredCommits.Begin() : DeferredCommits.Suspend();
            await core.Store.WhenDurableAsync();
            var input = core.Converter.Deserialize(work.Action.Input, function.PayloadType);
            var result = await function.InvokeAsync(
                input,
                core.Services,
                core.Client,
                $"{work.Execution.Identity.ExecutionId}:{taskId:x4}",
                core.Stopping
            );
            outcome = new HistoryEvent
            {
                Kind = HistoryEventKind.TaskCompleted,
                TaskId = taskId,
                Data = core.Serialize(result, $"The answer of activity '{work.Action.Name}'"),
            };
        }
        catch (OperationCanceledException) when (core.Stopping.IsCancellationRequested)
        {
            // The process ends: the activity has no outcome and is run again after the restart.
            return;
        }
        catch (Exception exception)
        {
            outcome = new HistoryEvent
            {
                Kind = HistoryEventKind.TaskFailed,
                TaskId = taskId,
                Failure = Failure.From(exception),
            };
        }

        if (core.BeforeAnswer is { } beforeAnswer)
        {
            await beforeAnswer(work.Action.Name, work.Action.Input);
        }

        mark.Done();
        Post(work, outcome);
    }

    private void Post(ActivityWork work, HistoryEvent outcome) =>
        core.Post(work.InstanceId, new InstanceMessage.TaskEnded { ExecutionId = work.Execution.Identity.ExecutionId, Event = outcome });
}
