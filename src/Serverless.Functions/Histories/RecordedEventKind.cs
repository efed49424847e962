namespace Serverless.Functions.Histories;

/// <summary>What happened to an orchestration.</summary>
internal enum RecordedEventKind
{
    Started,
    Completed,
    Failed,
    TimerFired,
    EventRaised,
    Suspended,
    Resumed,
    Terminated,
}
