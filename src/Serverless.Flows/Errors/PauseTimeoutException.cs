namespace Serverless.Flows;

/// <summary>Nobody resumed a paused or suspended run in time.</summary>
/// <param name="key">The pause's key.</param>
/// <param name="timeout">How long the run waited.</param>
public sealed class PauseTimeoutException(string key, TimeSpan timeout)
    : Exception($"Nobody resumed the run within {timeout.TotalSeconds:0.###} seconds (pause '{key}').")
{
    /// <summary>The pause's key.</summary>
    public string Key { get; } = key;

    /// <summary>How long the run waited.</summary>
    public TimeSpan Timeout { get; } = timeout;
}
