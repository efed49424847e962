namespace Serverless.LocalRuntime.History;

/// <summary>A step that an orchestrator takes. The numbers are stored.</summary>
internal enum ActionKind
{
    Activity = 1,
    Timer = 2,
    SubOrchestration = 3,
    SendEvent = 4,
}
