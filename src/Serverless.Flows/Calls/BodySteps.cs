using System.Globalization;
using Serverless.Flows.Hosting;

namespace Serverless.Flows.Calls;

/// <summary>
/// Bounds what a flow's body does without waiting. One that swallows the end of its stopped run, or asks again and again for what cannot
/// change before it waits, would keep a thread for ever: its next wait does not end any more, and so the body is left behind.
/// </summary>
internal sealed class BodySteps(IFlowEngine engine)
{
    /// <summary>How many steps of one turn may end at once, before the body is given up.</summary>
    internal const int Most = 10_000_000;

    /// <summary>A call that fails at once, or the same failure once more, counts for so many steps: exceptions take their time.</summary>
    internal const int Failure = 1_000;

    /// <summary>How many waits of a stopped run end with its cancellation: enough to unwind.</summary>
    internal const int MostAfterStop = 100;

    private DateTimeOffset _turn;
    private int _steps;
    private int _stepsAfterStop;

    private static string Reason { get; } =
        string.Create(
            CultureInfo.InvariantCulture,
            $"The flow's body keeps running without waiting: {Most:N0} reads of the time or of ended runs, or "
                + $"{Most / Failure:N0} calls and waits that failed at once, in a row. "
                + $"Time passes and runs end only while the body waits: use SleepAsync, or await a future."
        );

    internal IFlowEngine Engine => engine;

    /// <summary>The value that the body hands on as its own; null for none.</summary>
    internal HandedOnResult? HandedOn { get; private set; }

    /// <summary>Makes a value in a result storage that of the flow.</summary>
    /// <exception cref="InvalidOperationException">Another one is already.</exception>
    internal void HandOn(HandedOnResult result)
    {
        if (HandedOn is not null && HandedOn != result)
        {
            throw new InvalidOperationException("The flow hands on another value already: AsResultAsync() is for what it returns.");
        }

        HandedOn = result;
    }

    /// <summary>A wait of the body: what it waits for, or, where it has gone on for too long, a task that never ends.</summary>
    /// <param name="step">What it waits for.</param>
    /// <param name="weight">For how many steps it counts when there is nothing to wait for.</param>
    internal Task<T> Wait<T>(Task<T> step, int weight = 1) =>
        !step.IsCompleted || MayGoOn(weight) ? step : new TaskCompletionSource<T>().Task;

    /// <inheritdoc cref="Wait{T}(Task{T}, int)"/>
    internal Task Wait(Task step, int weight = 1) => !step.IsCompleted || MayGoOn(weight) ? step : new TaskCompletionSource().Task;

    /// <summary>A look of the body at what changes only while it waits.</summary>
    /// <exception cref="InvalidOperationException">It has looked too often.</exception>
    internal void Look()
    {
        if (!Count(weight: 1))
        {
            throw new InvalidOperationException(Reason);
        }
    }

    private bool MayGoOn(int weight) =>
        engine.CancellationToken.IsCancellationRequested ? ++_stepsAfterStop <= MostAfterStop : Count(weight);

    private bool Count(int weight)
    {
        // The engine's clock stands still within a turn.
        if (engine.UtcNow is var now && now != _turn)
        {
            _turn = now;
            _steps = 0;
        }

        _steps += weight;
        if (_steps <= Most)
        {
            return true;
        }

        engine.GiveUp(Reason);
        return false;
    }
}
