namespace Serverless.Server.Tests.Properties;

/// <summary>What can be asked of the server.</summary>
public enum CommandKind
{
    Submit,
    Start,
    Begin,
    BeginTask,
    EndTask,
    FailTask,
    Complete,
    Fail,
    Pause,
    Suspend,
    Resume,
    Cancel,
    Cancelled,
    Reschedule,
    ForceRunning,
    ForcePending,
    Delete,
    Purge,
    Create,
    DeleteCreated,
    Sweep,
}
