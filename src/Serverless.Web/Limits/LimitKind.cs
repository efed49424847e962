namespace Serverless.Web.Limits;

/// <summary>What a concurrency limit is for.</summary>
public enum LimitKind
{
    /// <summary>What names it: tasks, clients, deployments that share it.</summary>
    Named,

    /// <summary>Task runs with a tag.</summary>
    Tag,

    /// <summary>The runs of one deployment.</summary>
    Deployment,
}
