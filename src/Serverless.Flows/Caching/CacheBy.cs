namespace Serverless.Flows;

/// <summary>What the cache key of a task run is made of, for <see cref="TaskAttribute.Cache"/>. The parts can be combined.</summary>
[Flags]
public enum CacheBy
{
    /// <summary>Nothing: the task is not cached, unless it has a <see cref="TaskAttribute.CacheKey"/>.</summary>
    None = 0,

    /// <summary>The arguments by name.</summary>
    Inputs = 1,

    /// <summary>The task itself: its key and the code of its method.</summary>
    TaskSource = 2,

    /// <summary>The flow run: its results are of use to itself only.</summary>
    RunId = 4,

    /// <summary>The parameters of the flow run.</summary>
    FlowParameters = 8,

    /// <summary>Prefect's default policy: the arguments, the task and the flow run.</summary>
    Default = Inputs | TaskSource | RunId,
}
