namespace Serverless.LocalRuntime.Ownership;

/// <summary>How a process holds a store.</summary>
public sealed record StoreLeaseOptions
{
    /// <summary>
    /// For how long the store stays the process's after its last sign of life; 15 seconds unless set. It is renewed three times as often.
    /// </summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>The machine: two processes of one machine go by the same clock.</summary>
    public string Machine { get; init; } = Environment.MachineName;

    /// <summary>The process's id on its machine, for people to find it.</summary>
    public int ProcessId { get; init; } = Environment.ProcessId;
}
