using Serverless.LocalRuntime.Execution;

namespace Serverless.LocalRuntime.Instances;

/// <summary>
/// The right to run orchestrators' code. A thread cannot be ended from outside: one that never comes back loses the slot, and whatever
/// it still does is without effect.
/// </summary>
internal sealed class TurnSlot(Slots slots, Action<TurnSlot> onLost) : IDisposable
{
    private const int Idle = 0;
    private const int Busy = 1;
    private const int Lost = 2;

    private volatile OrchestrationExecution? _execution;
    private int _state;
    private int _looks;

    /// <summary>The orchestrator that runs, or ran last.</summary>
    public OrchestrationExecution? Execution => _execution;

    /// <summary>An orchestrator's code begins.</summary>
    public void Begin(OrchestrationExecution execution)
    {
        _execution = execution;
        Volatile.Write(ref _looks, 0);
        Interlocked.CompareExchange(ref _state, Busy, Idle);
    }

    /// <summary>It has come back.</summary>
    /// <exception cref="TurnLostException">Too late: the instance has been taken over.</exception>
    public void End()
    {
        if (Interlocked.CompareExchange(ref _state, Idle, Busy) != Busy)
        {
            throw new TurnLostException();
        }
    }

    /// <summary>Notes that the code still runs; after a number of looks without an end in between the slot is lost.</summary>
    public void Look(int most)
    {
        if (
            Volatile.Read(ref _state) == Busy
            && Interlocked.Increment(ref _looks) >= most
            && Interlocked.CompareExchange(ref _state, Lost, Busy) == Busy
        )
        {
            _execution!.LetGo();
            slots.Leave(this);
            onLost(this);
        }
    }

    public void Dispose()
    {
        Interlocked.CompareExchange(ref _state, Idle, Busy);
        slots.Leave(this);
    }
}
