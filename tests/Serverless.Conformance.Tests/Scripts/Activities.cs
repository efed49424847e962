using Microsoft.Azure.Functions.Worker;
using Serverless.Conformance.Tests.Fixtures;

namespace Serverless.Conformance.Tests.Scripts;

/// <summary>The activities of the scripts.</summary>
public static class Activities
{
    /// <summary>Answers its input.</summary>
    [Function(nameof(Echo))]
    public static Task<string?> Echo([ActivityTrigger] string? input) => Task.FromResult(input);

    /// <summary>Returns nothing.</summary>
    [Function(nameof(Nothing))]
    public static Task Nothing([ActivityTrigger] string? input) => Task.CompletedTask;

    /// <summary>Fails, for a cause.</summary>
    [Function(nameof(Fail))]
    public static Task<string> Fail([ActivityTrigger] string message) =>
        throw new InvalidDataException(message, new IOException("disk", new TimeoutException("slow")));

    /// <summary>Counts the calls with a key, and fails until the call of a number.</summary>
    [Function(nameof(FailUntil))]
    public static Task<int> FailUntil([ActivityTrigger] FailUntilInput input)
    {
        var call = Probe.Of(input.Key).Increment();
        return call < input.Succeeds ? throw new InvalidOperationException($"call {call}") : Task.FromResult(call);
    }

    /// <summary>Runs until the test opens the gate of the key; answers what it is told then.</summary>
    [Function(nameof(Hold))]
    public static Task<string> Hold([ActivityTrigger] string key)
    {
        Probe probe = Probe.Of(key);
        probe.Increment();
        probe.Held.TrySetResult();
        return probe.Gate.Task;
    }
}
