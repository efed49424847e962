namespace Serverless.LocalRuntime.Functions;

/// <summary>What starts a function.</summary>
internal enum FunctionKind
{
    Orchestrator,
    Activity,
    Timer,
    Queue,
    Http,
}
