namespace Serverless.Server.Runs.Writing;

/// <summary>What one try of <see cref="CommitRetry"/> came to. The default means that somebody else was faster: try again.</summary>
/// <typeparam name="T">What the caller is answered with.</typeparam>
/// <param name="Value">The answer.</param>
public readonly record struct TryResult<T>(T Value)
{
    /// <summary>False when the caller has to try again.</summary>
    public bool IsDone { get; } = true;

    /// <summary>A try that has an answer.</summary>
    public static implicit operator TryResult<T>(T value) => new(value);
}
