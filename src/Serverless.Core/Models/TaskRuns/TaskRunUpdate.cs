namespace Serverless.Core.Models;

/// <summary>Body of <c>PATCH /task_runs/{id}</c>.</summary>
public sealed record TaskRunUpdate
{
    /// <summary>The run's name; null or nothing for a generated one. A body without it changes nothing.</summary>
    public string? Name
    {
        get;
        set
        {
            field = value;
            HasName = true;
        }
    }

    /// <summary>True when the body has a name.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public bool HasName { get; private set; }
}
