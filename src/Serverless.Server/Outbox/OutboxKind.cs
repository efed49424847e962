namespace Serverless.Server.Outbox;

/// <summary>What is to be done about a flow run.</summary>
public enum OutboxKind
{
    /// <summary>Start the orchestration instance of the entry's generation.</summary>
    Start,

    /// <summary>Tell the orchestration instance of the entry's generation that somebody else changed the run's state.</summary>
    StateChanged,

    /// <summary>The run was deleted: stop its orchestration and delete what it left (<c>FlowRunService.PurgeAsync</c>).</summary>
    Purge,

    /// <summary>
    /// The run was deleted and purged an hour ago: delete its tombstone (<c>FlowRunService.ForgetAsync</c>). Never announced; the sweep
    /// comes upon it when it is due.
    /// </summary>
    Forget,

    /// <summary>The run, a subflow, has a new state: the task run that stands for it in its parent is to follow.</summary>
    ParentTask,

    /// <summary>The run, of a remote client, was cancelled: what is open below it is to be cancelled too.</summary>
    EndChildren,

    /// <summary>The run, or a task run of it, has entered a state for which it has hooks: call them.</summary>
    Hooks,

    /// <summary>A task run of this app has ended that makes assets: record them (<c>AssetRecording</c>).</summary>
    Assets,

    /// <summary>
    /// The background task run of the entry's task run id, which also takes the place of the flow run's id: start its orchestration, or
    /// wake it if there is one. Without a state: the task run was deleted, and its orchestrations go.
    /// </summary>
    BackgroundTask,

    /// <summary>The run, which receives inputs, has a new one: tell the orchestration instance of the entry's generation.</summary>
    Input,

    /// <summary>A slot of a concurrency limit is kept for a run that waits for one. Announced only: who misses it asks again.</summary>
    SlotGranted,
}
