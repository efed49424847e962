namespace Serverless.LocalRuntime.History;

/// <summary>What happened to an orchestration. The numbers are stored.</summary>
internal enum HistoryEventKind
{
    Started = 1,
    TaskCompleted = 2,
    TaskFailed = 3,
    TimerFired = 4,
    EventRaised = 5,
    Suspended = 6,
    Resumed = 7,
    Terminated = 8,
}
