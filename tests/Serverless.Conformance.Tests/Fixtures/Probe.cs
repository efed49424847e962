using System.Collections.Concurrent;

namespace Serverless.Conformance.Tests.Fixtures;

/// <summary>What a test and the scripts of one instance share beside the engine: both engines run in the process of the tests.</summary>
internal sealed class Probe
{
    private static readonly ConcurrentDictionary<string, Probe> Probes = new();

    private int _count;

    /// <summary>What the scripts wrote down.</summary>
    public ConcurrentQueue<string> Notes { get; } = [];

    /// <summary>Which code the script runs: the test changes it to change the code.</summary>
    public int Generation { get; set; }

    /// <summary>What held activities wait for.</summary>
    public TaskCompletionSource<string> Gate { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completed once a held activity runs.</summary>
    public TaskCompletionSource Held { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public int Count => Volatile.Read(ref _count);

    public static Probe Of(string key) => Probes.GetOrAdd(key, static _ => new Probe());

    public int Increment() => Interlocked.Increment(ref _count);
}
