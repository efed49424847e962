using Microsoft.CodeAnalysis;

namespace Serverless.Flows.Analyzers;

/// <summary>The rules. Each has a page of its name in docs/analyzers.</summary>
internal static class Rule
{
    /// <summary>A flow's body reads the clock.</summary>
    public static readonly DiagnosticDescriptor Clock = Body(
        "FLOW001",
        "A flow's body reads the clock",
        "'{0}' gives another time whenever the body{1} runs again; use flow.UtcNow, or read the clock in a task"
    );

    /// <summary>A flow's body makes an id.</summary>
    public static readonly DiagnosticDescriptor NewGuid = Body(
        "FLOW002",
        "A flow's body makes an id at random",
        "'{0}' gives another id whenever the body{1} runs again; use flow.NewGuid()"
    );

    /// <summary>A flow's body uses random numbers.</summary>
    public static readonly DiagnosticDescriptor Random = Body(
        "FLOW003",
        "A flow's body uses random numbers",
        "'{0}' gives other values whenever the body{1} runs again; draw them in a task"
    );

    /// <summary>A flow's body waits without the durable timer.</summary>
    public static readonly DiagnosticDescriptor Delay = Body(
        "FLOW004",
        "A flow's body waits for a timer that is lost in a restart",
        "'{0}' is not durable, and the body{1} may not wait for it; use flow.SleepAsync"
    );

    /// <summary>A flow's body leaves its thread.</summary>
    public static readonly DiagnosticDescriptor OtherThread = Body(
        "FLOW005",
        "A flow's body starts work on another thread",
        "'{0}' runs outside the turns of the body{1}; call a task with flow.Submit or flow.Map"
    );

    /// <summary>A flow's body blocks its thread.</summary>
    public static readonly DiagnosticDescriptor Blocking = Body(
        "FLOW006",
        "A flow's body blocks its thread",
        "'{0}' blocks the thread that the body{1} needs to go on; await instead"
    );

    /// <summary>A flow's body does I/O.</summary>
    public static readonly DiagnosticDescriptor InputOutput = Body(
        "FLOW007",
        "A flow's body reads or writes outside its process",
        "'{0}' happens again whenever the body{1} runs again; do it in a task"
    );

    /// <summary>A flow's body uses static state.</summary>
    public static readonly DiagnosticDescriptor StaticState = Body(
        "FLOW008",
        "A flow's body uses static state that can change",
        "'{0}' may have another value when the body{1} runs again; pass it as a parameter, or read it in a task"
    );

    /// <summary>A flow's body leaves its context.</summary>
    public static readonly DiagnosticDescriptor ConfigureAwait = Body(
        "FLOW009",
        "A flow's body continues outside its turn",
        "After '{0}' the body{1} would go on outside its turn, which fails the run; await without it"
    );

    /// <summary>A task is called like any method.</summary>
    public static readonly DiagnosticDescriptor DirectCall = Body(
        "FLOW010",
        "A flow's body calls a task like any method",
        "'{0}' runs here as plain code of the body{1}, without a task run; start it with flow.RunAsync, Submit or Map"
    );

    /// <summary>The lambda of a call is not a call of a task or flow.</summary>
    public static readonly DiagnosticDescriptor NoCall = Declaration(
        "FLOW011",
        "The lambda of a call has to call one task or flow",
        "'{0}' is no call of a method with [Task] or [Flow]; the call would fail when it is made"
    );

    /// <summary>A future's value is asked for outside a call.</summary>
    public static readonly DiagnosticDescriptor Argument = Declaration(
        "FLOW012",
        "A future's value as an argument has a meaning only in a call",
        "'{0}' throws here; await the future, or use it inside the lambda of a call"
    );

    /// <summary>A value would not come back from JSON.</summary>
    public static readonly DiagnosticDescriptor NoJson = Declaration(
        "FLOW013",
        "A parameter or result cannot be written as JSON and read back",
        "{0} cannot be written as JSON and read back: {1}"
    );

    /// <summary>A method cannot be a flow or task.</summary>
    public static readonly DiagnosticDescriptor Signature = Declaration(
        "FLOW014",
        "A method cannot be a flow or task as it is declared",
        "'{0}' cannot be a {1}: {2}"
    );

    private const string Category = "Flows";

    /// <summary>A rule about bodies: told at once in the flow's own method, and after the compilation in methods that it calls.</summary>
    private static DiagnosticDescriptor Body(string id, string title, string message) =>
        new(
            id,
            title,
            message,
            Category,
            DiagnosticSeverity.Warning,
            isEnabledByDefault: true,
            customTags: WellKnownDiagnosticTags.CompilationEnd
        );

    private static DiagnosticDescriptor Declaration(string id, string title, string message) =>
        new(id, title, message, Category, DiagnosticSeverity.Warning, isEnabledByDefault: true);
}
