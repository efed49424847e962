namespace Serverless.Storage.Azure.Wire;

/// <summary>
/// Counts how often the requests of the current call were sent. Only what was sent more than once can meet its own
/// write; what was sent once need not be asked.
/// </summary>
internal sealed class TryCounter
{
    private static readonly AsyncLocal<TryCounter?> Ambient = new();
    private int _tries;

    public static TryCounter? Current => Ambient.Value;

    public int Tries => Volatile.Read(ref _tries);

    /// <summary>Begins to count, for the rest of the calling method and what it calls.</summary>
    public static TryCounter Begin() => Ambient.Value = new TryCounter();

    public void Add() => Interlocked.Increment(ref _tries);
}
