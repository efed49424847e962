using System.Collections;
using System.Runtime.CompilerServices;
using Serverless.Core.States;

namespace Serverless.Flows;

/// <summary>The runs of a map, in the order of the items. Awaiting it waits for all of them and gives their values.</summary>
/// <typeparam name="T">The type of one value.</typeparam>
public sealed class TaskFutures<T> : IReadOnlyList<TaskFuture<T>>
{
    private readonly IReadOnlyList<TaskFuture<T>> _futures;

    internal TaskFutures(IReadOnlyList<TaskFuture<T>> futures) => _futures = futures;

    /// <inheritdoc/>
    public int Count => _futures.Count;

    /// <summary>The values, in order. In the arguments of a call they may be used before the runs are final.</summary>
    /// <exception cref="InvalidOperationException">A run is not final yet.</exception>
    /// <exception cref="RunException">A run did not complete.</exception>
    public IReadOnlyList<T> Values => [.. _futures.Select(future => future.Value)];

    /// <inheritdoc/>
    public TaskFuture<T> this[int index] => _futures[index];

    /// <summary>Waits until all runs are final and reads their values.</summary>
    /// <returns>For the compiler.</returns>
    /// <exception cref="RunException">A run did not complete; the first one in order.</exception>
    public TaskAwaiter<T[]> GetAwaiter() => TaskFuture.WhenAll(_futures).GetAwaiter();

    /// <summary>Waits until all runs are final and tells how they ended, without an exception for a failure.</summary>
    /// <returns>The states in which they ended, in the order of the items.</returns>
    /// <exception cref="OperationCanceledException">The flow run is being cancelled.</exception>
    public Task<State[]> WaitAsync() => TaskFuture.WaitAsync(_futures);

    /// <inheritdoc/>
    public IEnumerator<TaskFuture<T>> GetEnumerator() => _futures.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
