using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;
using Serverless.Core.States;
using Serverless.Core.Validation;

namespace Serverless.Core.Models;

/// <summary>Body of <c>POST /task_runs/</c>.</summary>
public sealed record TaskRunCreate
{
    /// <summary>The run's id; null for a generated one.</summary>
    public Guid? Id { get; init; }

    /// <summary>The first state; null for Pending.</summary>
    public ProposedState? State { get; init; }

    /// <summary>The run's name; null for a generated one.</summary>
    public string? Name { get; init; }

    /// <summary>The flow run that calls the task; null outside any flow.</summary>
    public Guid? FlowRunId { get; init; }

    /// <summary>The task's stable key.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required string TaskKey { get; init; }

    /// <summary>Tells the calls of one task in one flow run apart.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required string DynamicKey { get; init; }

    /// <summary>Under which key the result may be reused.</summary>
    [StringLength(WireLimits.CacheKey, ErrorMessage = "Value error, Cache key exceeded maximum allowed length of 2000 characters.")]
    public string? CacheKey { get; init; }

    /// <summary>Until when the result may be reused (UTC).</summary>
    public DateTimeOffset? CacheExpiration { get; init; }

    /// <summary>The version of the task's code.</summary>
    public string? TaskVersion { get; init; }

    /// <summary>Retries of the task.</summary>
    public TaskRunPolicy EmpiricalPolicy
    {
        get;
        init => field = value ?? TaskRunPolicy.Empty;
    } = TaskRunPolicy.Empty;

    /// <summary>The run's tags.</summary>
    [MaxLength(WireLimits.Tags)]
    public IReadOnlyList<string> Tags
    {
        get;
        init => field = value ?? [];
    } = [];

    /// <summary>The run's labels.</summary>
    public IReadOnlyDictionary<string, JsonElement>? Labels { get; init; }

    /// <summary>Where the values of the task's parameters came from.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<TaskRunInput>>? TaskInputs { get; init; }
}
