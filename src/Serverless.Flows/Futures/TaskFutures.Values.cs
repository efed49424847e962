using System.Collections;
using System.Runtime.CompilerServices;

namespace Serverless.Flows;

/// <summary>The runs of a map, in the order of the items. Awaiting it waits for all of them and gives their values.</summary>
/// <typeparam name="T">The type of one value.</typeparam>
public sealed class TaskFutures<T> : IReadOnlyList<TaskFuture<T>>
{
    private readonly IReadOnlyList<TaskFuture<T>> _futures;

    internal TaskFutures(IReadOnlyList<TaskFuture<T>> futures) => _futures = futures;

    /// <inheritdoc/>
    public int Count => _futures.Count;

    /// <inheritdoc/>
    public TaskFuture<T> this[int index] => _futures[index];

    /// <summary>Waits until all runs are final and reads their values.</summary>
    /// <returns>For the compiler.</returns>
    /// <exception cref="RunException">A run did not complete; the first one in order.</exception>
    public TaskAwaiter<T[]> GetAwaiter() => TaskFuture.WhenAll(_futures).GetAwaiter();

    /// <summary>
    /// Stands for the values, in the order of the items, in the lambda of a call: <c>flow.Submit(() => Sum(futures.AsArguments()))</c>.
    /// That call waits for all the runs. To read the values in the flow itself, await the futures.
    /// </summary>
    /// <returns>The values, when the call's arguments are computed. If a run did not complete, the call is not started.</returns>
    /// <exception cref="InvalidOperationException">It is used outside the lambda of a call.</exception>
    public IReadOnlyList<T> AsArguments()
    {
        TaskFuture.ThrowUnlessArgument(nameof(AsArguments));
        return [.. _futures.Select(future => future.ValueNow())];
    }

    /// <summary>
    /// Stands for the states, in the order of the items, in the lambda of a call. That call waits until all the runs have ended, and is
    /// started however they ended.
    /// </summary>
    /// <returns>The states, as <see cref="TaskFuture.AsStateArgument"/> gives them.</returns>
    /// <exception cref="InvalidOperationException">It is used outside the lambda of a call.</exception>
    public IReadOnlyList<RunState> AsStateArguments()
    {
        TaskFuture.ThrowUnlessArgument(nameof(AsStateArguments));
        return [.. _futures.Select(future => future.StateNow())];
    }

    /// <summary>Waits until all runs are final and tells how they ended, without an exception for a failure.</summary>
    /// <returns>The states in which they ended, in the order of the items.</returns>
    /// <exception cref="OperationCanceledException">The flow run is being cancelled.</exception>
    public Task<RunState[]> WaitForStatesAsync() => TaskFuture.WaitForStatesAsync(_futures);

    /// <inheritdoc/>
    public IEnumerator<TaskFuture<T>> GetEnumerator() => _futures.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
