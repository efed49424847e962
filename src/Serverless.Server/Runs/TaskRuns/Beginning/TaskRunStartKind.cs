namespace Serverless.Server.Runs;

/// <summary>What an attempt is to do that asked the gate to start.</summary>
public enum TaskRunStartKind
{
    /// <summary>Do the work.</summary>
    Begun,

    /// <summary>
    /// Nothing: the task run is over, as after a crash before the activity's outcome was recorded, or because no rule ever lets it start.
    /// </summary>
    Ended,

    /// <summary>Ask again later: it is not due yet, or there is no slot.</summary>
    Waits,

    /// <summary>Ask again when the flow run continues: it is paused, or resuming.</summary>
    Paused,

    /// <summary>Nothing: the flow run has ended, is being cancelled, or was started again.</summary>
    Stopped,
}
