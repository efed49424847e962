using System.Text.Json.Serialization;

namespace Serverless.Core.Models;

/// <summary>
/// Where one value of a task's parameter came from. Which members are set depends on <see cref="InputType"/>.
/// </summary>
public sealed record TaskRunInput
{
    /// <summary>A task run's result.</summary>
    public const string TaskRunResult = "task_run";

    /// <summary>A flow run's result.</summary>
    public const string FlowRunResult = "flow_run";

    /// <summary>A parameter of the flow.</summary>
    public const string Parameter = "parameter";

    /// <summary>A value of the code.</summary>
    public const string Constant = "constant";

    /// <summary>One of <c>task_run</c>, <c>flow_run</c>, <c>parameter</c>, <c>constant</c>; unless given, the members say which.</summary>
    public string InputType
    {
        get =>
            field
            ?? (
                Id is not null ? TaskRunResult
                : Name is not null ? Parameter
                : Constant
            );
        init;
    }

    /// <summary>For <c>task_run</c> and <c>flow_run</c>: the run whose result it is.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Guid? Id { get; init; }

    /// <summary>For <c>parameter</c>: the flow's parameter.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Name { get; init; }

    /// <summary>For <c>constant</c>: the value's type.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Type { get; init; }

    /// <summary>The input with its type, and with the members that belong to it only.</summary>
    public TaskRunInput Normalized() =>
        InputType switch
        {
            Parameter => new TaskRunInput { InputType = Parameter, Name = Name },
            Constant => new TaskRunInput { InputType = Constant, Type = Type },
            var run => new TaskRunInput { InputType = run, Id = Id },
        };
}
