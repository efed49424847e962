namespace Serverless.Flows.Testing;

/// <summary>What one or more attempts of a stubbed task do.</summary>
/// <param name="Times">How many of them; null for all that come.</param>
/// <param name="Run">What they do; null for the task's own code.</param>
/// <param name="Crashes">True when the process ends after it.</param>
internal sealed record StubStep(int? Times, Func<StubAttempt, Task<object?>>? Run, bool Crashes)
{
    /// <summary>How many attempts are still to take it.</summary>
    public int Left { get; set; } = Times ?? 0;
}
