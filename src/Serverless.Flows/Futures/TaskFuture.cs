using System.Runtime.CompilerServices;
using System.Text.Json;
using Serverless.Core.States;
using Serverless.Flows.Calls;
using Serverless.Flows.Hosting;

namespace Serverless.Flows;

/// <summary>A started task or subflow run. Await it for its completion, or hand it to another call.</summary>
public class TaskFuture
{
    private readonly Called _called;
    private readonly CallOutcomes _outcomes;
    private readonly int _index;
    private readonly BodySteps _steps;
    private Task<RunState>? _state;
    private bool _hasThrown;

    internal TaskFuture(Called called, CallOutcomes outcomes, int index, BodySteps steps)
    {
        _called = called;
        _outcomes = outcomes;
        _index = index;
        _steps = steps;
    }

    /// <summary>What was called, for messages.</summary>
    private protected string Call => $"{_called.Kind} '{_called.Name}'";

    /// <summary>The name of the task, flow or deployment.</summary>
    public string Name => _called.Name;

    /// <summary>Whether the run is final. It changes only while the flow waits for something.</summary>
    /// <exception cref="InvalidOperationException">It was read millions of times without a wait between.</exception>
    public bool IsCompleted
    {
        get
        {
            _steps.Look();
            return _outcomes.IsCompleted(_index);
        }
    }

    /// <summary>Waits for several futures.</summary>
    /// <typeparam name="T">The values' type.</typeparam>
    /// <param name="futures">What to wait for.</param>
    /// <returns>Their values, in order.</returns>
    /// <exception cref="RunException">A run did not complete; the first one, once all are final.</exception>
    /// <exception cref="OperationCanceledException">The flow run is being cancelled.</exception>
    public static async Task<T[]> WhenAll<T>(IEnumerable<TaskFuture<T>> futures)
    {
        var all = futures.ToList();
        await WhenFinalAsync(all);
        await LoadAsync(all);
        var values = new T[all.Count];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = all[i].ValueNow();
        }

        return values;
    }

    /// <summary>Reads what lies in result storages, unless a run did not complete.</summary>
    private static async Task LoadAsync<T>(List<TaskFuture<T>> futures)
    {
        List<Task> loads = [];
        foreach (var future in futures)
        {
            if (future.StoredNow() is not null)
            {
                loads.Add(future.LoadAsync());
            }
        }

        await Task.WhenAll(loads);
    }

    /// <summary>Waits for several futures.</summary>
    /// <param name="futures">What to wait for.</param>
    /// <returns>A task that is done when all are final.</returns>
    /// <exception cref="RunException">A run did not complete; the first one, once all are final.</exception>
    /// <exception cref="OperationCanceledException">The flow run is being cancelled.</exception>
    public static async Task WhenAll(IEnumerable<TaskFuture> futures)
    {
        var all = futures.ToList();
        await WhenFinalAsync(all);
        foreach (var future in all)
        {
            future.CompletedNow();
        }
    }

    /// <summary>Waits for several futures, without an exception for a failure.</summary>
    /// <param name="futures">What to wait for.</param>
    /// <returns>The states in which the runs ended, in order.</returns>
    /// <exception cref="OperationCanceledException">The flow run is being cancelled.</exception>
    public static async Task<RunState[]> WaitForStatesAsync(IEnumerable<TaskFuture> futures)
    {
        var all = futures.ToList();
        await WhenFinalAsync(all);
        var states = new RunState[all.Count];
        for (var i = 0; i < states.Length; i++)
        {
            states[i] = await all[i].StateAsync();
        }

        return states;
    }

    /// <summary>Waits until the run is final and tells how it ended, without an exception for a failure.</summary>
    /// <returns>
    /// The state in which it ended, with its value as the data; a Pending one, NotReady, when it was never started because a
    /// run that it depends on did not complete.
    /// </returns>
    /// <exception cref="OperationCanceledException">The flow run is being cancelled.</exception>
    public Task<RunState> WaitForStateAsync() => _steps.Wait(StateAsync());

    /// <summary>
    /// Stands for the state of the run in the lambda of a call, as in <c>flow.Submit(() => Report(future.AsStateArgument()))</c>: that call
    /// waits until this run has ended, and is started however it ended. Prefect's <c>allow_failure</c>.
    /// </summary>
    /// <returns>
    /// The state, with the run's value as the data, when the call's arguments are computed; a Pending one, NotReady, for a run that was
    /// never started.
    /// </returns>
    /// <exception cref="InvalidOperationException">It is used outside the lambda of a call.</exception>
    public RunState AsStateArgument()
    {
        ThrowUnlessArgument(nameof(AsStateArgument));
        return StateNow();
    }

    /// <summary>Waits until the run is completed.</summary>
    /// <returns>For the compiler.</returns>
    /// <exception cref="RunException">The run, or one that it depends on, did not complete.</exception>
    /// <exception cref="OperationCanceledException">The flow run is being cancelled.</exception>
    public TaskAwaiter GetAwaiter() => CompletionAsync().GetAwaiter();

    /// <summary>Waits until the run is completed, as the body does.</summary>
    /// <exception cref="RunException">The run did not complete.</exception>
    internal Task CompletionAsync() => AwaitAsync();

    /// <summary>Waits until the run is completed, for a call that depends on it.</summary>
    /// <exception cref="RunException">The run did not complete.</exception>
    internal async Task<CallOutcome> CompletedAsync() => Check(await _outcomes.At(_index));

    /// <summary>Waits until the run has ended, for a call that depends on it; null when it was never started.</summary>
    internal async Task<CallOutcome?> EndedAsync()
    {
        try
        {
            return await _outcomes.At(_index);
        }
        catch (RunException)
        {
            // A run that it depends on did not complete.
            return null;
        }
    }

    /// <summary>The value of a completed run as JSON, if it is in no result storage.</summary>
    internal string JsonNow() =>
        CompletedNow() is var outcome && outcome is { IsUnkept: true, ResultJson: null }
            ? throw MissingResultException.OfUnkept(outcome)
            : outcome.ResultJson ?? "null";

    /// <summary>Where the value of a completed run lies; null for one that is a result as usual.</summary>
    internal StoredResult? StoredNow() => CompletedNow().Stored;

    /// <summary>Reads the value of a completed run from its result storage, if it is there, to be part of an expression.</summary>
    internal virtual Task LoadAsync() => Task.CompletedTask;

    /// <summary>The value in a result storage, as JSON.</summary>
    private protected Task<string> ReadStoredAsync(StoredResult stored) => _steps.Engine.ReadStoredAsync(stored);

    /// <summary>Makes a value in a result storage that of the flow.</summary>
    private protected void HandOn(StoredResult stored, string inItsPlace) => _steps.HandOn(new HandedOnResult(stored, inItsPlace));

    /// <summary>Waits until the run is completed, as the body does.</summary>
    /// <exception cref="RunException">The run did not complete.</exception>
    private protected async Task<CallOutcome> AwaitAsync() =>
        Check(await _steps.Wait(_outcomes.At(_index), HasThrown() ? BodySteps.Failure : 1));

    /// <summary>The outcome of a run that is completed already.</summary>
    /// <exception cref="InvalidOperationException">The run is not final yet.</exception>
    /// <exception cref="RunException">The run did not complete.</exception>
    private protected CallOutcome CompletedNow() =>
        _outcomes.IsCompleted(_index)
            ? Check(_outcomes.At(_index).GetAwaiter().GetResult())
            : throw new InvalidOperationException(
                $"'{Name}' has not finished: the lambda of a call has to name its future, so that the call waits for it."
            );

    /// <summary>The state of a run that has ended.</summary>
    internal RunState StateNow() =>
        _outcomes.IsCompleted(_index) || _outcomes.At(_index).IsCompleted
            ? StateAsync().GetAwaiter().GetResult()
            : throw new InvalidOperationException($"'{Name}' has not finished: the lambda of a call has to name its future.");

    /// <summary>Refuses the use of a marker where nothing reads the lambda that it belongs into.</summary>
    internal static void ThrowUnlessArgument(string marker)
    {
        if (!ArgumentScope.IsOpen)
        {
            throw new InvalidOperationException(
                $"{marker}() stands for a value in the lambda of a call, as in flow.Submit(() => Next(future.{marker}())). "
                    + "To read the value in the flow itself, await the future."
            );
        }
    }

    /// <summary>True when a wait for a run that did not complete has thrown already.</summary>
    private bool HasThrown()
    {
        var hasThrown = _hasThrown;
        _hasThrown =
            _outcomes.IsCompleted(_index) && !(_outcomes.At(_index) is { IsCompletedSuccessfully: true, Result.Type: StateType.Completed });
        return hasThrown;
    }

    /// <summary>A wait of the body until all are final, however they end. It counts as one wait: those of a stopped run are few.</summary>
    private static Task WhenFinalAsync(IReadOnlyList<TaskFuture> futures)
    {
        if (futures.Count == 0)
        {
            return Task.CompletedTask;
        }

        var hasThrown = futures.Any(future => future.HasThrown());
        return futures[0]._steps.Wait(WaitAsync(), hasThrown ? BodySteps.Failure + futures.Count : futures.Count);

        async Task WaitAsync()
        {
            await Quietly(Task.WhenAll(futures.Select(future => future._outcomes.Started).Distinct()));
            await Quietly(Task.WhenAll(futures.Select(future => future._outcomes.BatchOf(future._index)).Distinct()));
        }
    }

    private static async Task Quietly(Task task) =>
        await task.ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);

    private CallOutcome Check(CallOutcome outcome) =>
        outcome.Type is StateType.Completed ? outcome : throw RunFailure.Of(StateOf(outcome), _called)!;

    private Task<RunState> StateAsync() => _state ??= ReadStateAsync();

    private async Task<RunState> ReadStateAsync()
    {
        try
        {
            return new RunState(StateOf(await _outcomes.At(_index)));
        }
        catch (RunException upstream)
        {
            return new RunState(
                new State
                {
                    Id = Guid.Empty,
                    Type = StateType.Pending,
                    Name = StateNames.NotReady,
                    Timestamp = _steps.Engine.UtcNow,
                    Message = $"Upstream task run '{upstream.RunId}' did not reach a 'COMPLETED' state.",
                }
            );
        }
    }

    private State StateOf(CallOutcome outcome) =>
        new()
        {
            Id = outcome.StateId,
            Type = outcome.Type,
            Name = outcome.StateName,
            Timestamp = outcome.Timestamp == default ? _steps.Engine.UtcNow : outcome.Timestamp,
            Message = outcome.Message,
            Data = outcome.ResultJson is { } json ? JsonElement.Parse(json) : outcome.Stored?.ToData(),
            StateDetails = new StateDetails
            {
                FlowRunId = _called.IsTask ? _steps.Engine.Run.FlowRunId : outcome.RunId,
                TaskRunId = _called.IsTask ? outcome.RunId : null,
                ErrorType = outcome.ErrorType,
                InnerErrorTypes = outcome.InnerErrorTypes,
            },
        };
}
