using System.Collections.Concurrent;
using Serverless.Flows;

namespace Serverless.Functions.Tests.Fixtures;

/// <summary>What a test and its flows share: the flow bodies, gates that hold tasks, and what was executed. Outlives crashes.</summary>
internal sealed class Probe
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _gates = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _executed = new();
    private TaskCompletionSource _next = NewSignal();

    /// <summary>The flow bodies by name.</summary>
    public ConcurrentDictionary<string, Func<FlowContext, Task<int>>> Bodies { get; } = new(StringComparer.Ordinal);

    /// <summary>The bodies by name that return what they like.</summary>
    public ConcurrentDictionary<string, Func<FlowContext, Task<object?>>> FreeBodies { get; } = new(StringComparer.Ordinal);

    /// <summary>The bodies of tasks by name.</summary>
    public ConcurrentDictionary<string, Func<TaskContext, object?>> TaskBodies { get; } = new(StringComparer.Ordinal);

    /// <summary>The bodies of tasks by name that wait.</summary>
    public ConcurrentDictionary<string, Func<TaskContext, Task<string>>> WaitingBodies { get; } = new(StringComparer.Ordinal);

    /// <summary>Completes with the next note.</summary>
    public Task Next => Volatile.Read(ref _next).Task;

    /// <summary>How often a note was made.</summary>
    public int Count(string what) => _executed.Count(executed => executed == what);

    public IReadOnlyList<string> Executed => [.. _executed];

    public void Note(string what)
    {
        _executed.Enqueue(what);
        Interlocked.Exchange(ref _next, NewSignal()).TrySetResult();
    }

    /// <summary>Waits until a gate is opened or the token is cancelled.</summary>
    public Task PassAsync(string gate, CancellationToken cancellationToken) => Gate(gate).Task.WaitAsync(cancellationToken);

    public bool IsOpen(string gate) => Gate(gate).Task.IsCompleted;

    public void Open(string gate) => Gate(gate).TrySetResult();

    private TaskCompletionSource Gate(string gate) => _gates.GetOrAdd(gate, static _ => NewSignal());

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
