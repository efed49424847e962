namespace Serverless.Core.Transitions;

/// <summary>Facts that some rules need and that cost a look into the store.</summary>
[Flags]
public enum TransitionNeeds
{
    /// <summary>None but the run itself.</summary>
    None = 0,

    /// <summary>The flow run's deployment with its concurrency limit: <see cref="FlowTransitionFacts.Deployment"/>.</summary>
    Deployment = 1,

    /// <summary>The concurrency limits of the task run's tags: <see cref="TaskTransitionFacts.TagLimits"/>.</summary>
    TagLimits = 2,

    /// <summary>The state that is cached under the proposed state's key: <see cref="TaskTransitionFacts.Cached"/>.</summary>
    CachedState = 4,

    /// <summary>
    /// Whether the run's result is stored here: <see cref="FlowTransitionFacts.HasStoredResult"/>,
    /// <see cref="TaskTransitionFacts.HasStoredResult"/>.
    /// </summary>
    StoredResult = 8,
}
