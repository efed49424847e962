namespace Serverless.Functions.Histories;

/// <summary>A step of an orchestration.</summary>
internal enum RecordedCallKind
{
    Activity,
    Timer,
    SubOrchestration,
    SendEvent,
}
