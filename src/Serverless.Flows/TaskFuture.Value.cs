using System.Runtime.CompilerServices;
using System.Text.Json;
using Serverless.Flows.Hosting;

namespace Serverless.Flows;

/// <summary>A started task or subflow run with a value.</summary>
/// <typeparam name="T">The value's type.</typeparam>
public sealed class TaskFuture<T> : TaskFuture
{
    private Read? _read;

    internal TaskFuture(RunnableDefinition definition, Task<CallOutcome> outcome)
        : base(definition, outcome)
    {
    }

    /// <summary>
    /// The value. In the arguments of a call it may be used before the run is final: the call waits for it, and the dependency is
    /// recorded. Elsewhere the run must be final.
    /// </summary>
    /// <exception cref="InvalidOperationException">The run is not final yet.</exception>
    /// <exception cref="ChildRunException">The run did not complete.</exception>
    public T Value => Cached(CompletedNow());

    /// <summary>Waits until the run is completed and reads its value.</summary>
    /// <returns>For the compiler.</returns>
    public new TaskAwaiter<T> GetAwaiter() => ValueAsync().GetAwaiter();

    internal static T Parse(CallOutcome outcome) =>
        outcome.ResultJson is { } json ? JsonSerializer.Deserialize<T>(json, FlowJson.Options)! : default!;

    internal async Task<T> ValueAsync() => Cached(await CompletedAsync());

    private T Cached(CallOutcome outcome) => (_read ??= new Read(Parse(outcome))).Value;

    private sealed record Read(T Value);
}
