using System.Runtime.CompilerServices;
using Serverless.Core.States;
using Serverless.Flows.Hosting;

namespace Serverless.Flows;

/// <summary>A started task or subflow run. Await it for its completion, or hand it to another call.</summary>
public class TaskFuture
{
    private readonly RunnableDefinition _definition;
    private readonly Task<CallOutcome> _outcome;

    internal TaskFuture(RunnableDefinition definition, Task<CallOutcome> outcome)
    {
        _definition = definition;
        _outcome = outcome;
    }

    /// <summary>The task's or flow's name.</summary>
    public string Name => _definition.Name;

    /// <summary>Whether the run is final.</summary>
    public bool IsCompleted => _outcome.IsCompleted;

    /// <summary>Waits for several futures.</summary>
    /// <param name="futures">What to wait for.</param>
    /// <returns>Their values, in order.</returns>
    /// <exception cref="ChildRunException">A run did not complete; the first one, once all are final.</exception>
    public static async Task<T[]> WhenAll<T>(IEnumerable<TaskFuture<T>> futures)
    {
        var all = futures.ToList();
        await WhenFinalAsync(all);
        var values = new T[all.Count];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = await all[i];
        }

        return values;
    }

    /// <summary>Waits for several futures.</summary>
    /// <param name="futures">What to wait for.</param>
    /// <returns>A task that is done when all are final.</returns>
    /// <exception cref="ChildRunException">A run did not complete; the first one, once all are final.</exception>
    public static async Task WhenAll(IEnumerable<TaskFuture> futures)
    {
        var all = futures.ToList();
        await WhenFinalAsync(all);
        foreach (var future in all)
        {
            await future;
        }
    }

    /// <summary>Waits until the run is final and tells how it ended, without an exception for a failure.</summary>
    /// <returns>The final state and the result.</returns>
    /// <exception cref="ChildRunException">The run was never started because one that it depends on did not complete.</exception>
    /// <exception cref="OperationCanceledException">The flow run is being cancelled.</exception>
    public Task<CallOutcome> WaitAsync() => _outcome;

    /// <summary>Waits until the run is completed.</summary>
    /// <returns>For the compiler.</returns>
    public TaskAwaiter GetAwaiter() => ((Task)CompletedAsync()).GetAwaiter();

    /// <summary>Waits until the run is completed.</summary>
    /// <exception cref="ChildRunException">The run did not complete.</exception>
    internal async Task<CallOutcome> CompletedAsync() => Check(await _outcome);

    /// <summary>The outcome of a run that is completed already.</summary>
    /// <exception cref="InvalidOperationException">The run is not final yet.</exception>
    /// <exception cref="ChildRunException">The run did not complete.</exception>
    private protected CallOutcome CompletedNow() => _outcome switch
    {
        { IsCompletedSuccessfully: true } => Check(_outcome.Result),
        { IsCompleted: true } => Check(_outcome.GetAwaiter().GetResult()),
        _ => throw new InvalidOperationException(
            $"'{Name}' has not finished: await its future before reading the value, or use the value in the arguments of another call."),
    };

    private static Task WhenFinalAsync(IEnumerable<TaskFuture> futures) => Quietly(Task.WhenAll(futures.Select(future => future._outcome)));

    private static async Task Quietly(Task task) =>
        await task.ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);

    private CallOutcome Check(CallOutcome outcome) =>
        outcome.Type is StateType.Completed ? outcome : throw ChildRunException.For(_definition, outcome);
}
