using System.Text.Json.Serialization;

namespace Serverless.Core.Models;

/// <summary>
/// Where one value of a task's parameter came from. Which members are set depends on <see cref="InputType"/>.
/// </summary>
public sealed record TaskRunInput
{
    /// <summary>One of <c>task_run</c>, <c>flow_run</c>, <c>parameter</c>, <c>constant</c>.</summary>
    public required string InputType { get; init; }

    /// <summary>For <c>task_run</c> and <c>flow_run</c>: the run whose result it is.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Guid? Id { get; init; }

    /// <summary>For <c>parameter</c>: the flow's parameter.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Name { get; init; }

    /// <summary>For <c>constant</c>: the value's type.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Type { get; init; }
}
