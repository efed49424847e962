namespace Serverless.Flows;

/// <summary>What happens to a run that is due while as many runs of its deployment are active as its concurrency limit permits.</summary>
public enum CollisionStrategy
{
    /// <summary>It waits until one of them has ended.</summary>
    Enqueue,

    /// <summary>It is cancelled.</summary>
    CancelNew,

    /// <summary>The oldest of them are cancelled, and it starts when they have ended.</summary>
    CancelRunning,
}
