using System.Globalization;
using Serverless.Core.Models;
using Serverless.Flows;
using Serverless.Functions.FlowRuns;
using Serverless.Server.Runs;

namespace Serverless.Functions.TaskRuns;

/// <summary>Calls of tasks as the gate wants them described.</summary>
internal static class TaskRunStarts
{
    public static TaskRunStart Of(Guid taskRunId, TaskDefinition task, TaskRunSettings settings, TaskRunItem item)
    {
        var dynamicKey = settings.Background?.DynamicKey ?? item.DynamicKey.ToString(CultureInfo.InvariantCulture);
        TaskRunStart start = new()
        {
            FlowRunId = settings.Background is null ? settings.FlowRunId : null,
            TaskRunId = taskRunId,
            Name = item.RunName ?? task.NameOfRun(item.ArgumentsJson) ?? $"{task.Name}-{dynamicKey}",
            TaskKey = task.Key,
            DynamicKey = dynamicKey,
            TaskVersion = task.Version,
            EmpiricalPolicy = PolicyOf(settings.Retry ?? task.Retry),
            Tags = settings.Tags is { } tags ? [.. task.Tags.Union(tags, StringComparer.Ordinal)] : task.Tags,
            Basis = settings.Basis,
            Instance = settings.Instance,
        };
        return item.Upstream is null ? start : start with { TaskInputs = InputsOf(item.Upstream) };
    }

    /// <summary>The task run that mirrors a subflow.</summary>
    public static TaskRunStart OfSubflow(Guid taskRunId, FlowDefinition flow, SubflowInput input)
    {
        var dynamicKey = input.DynamicKey.ToString(CultureInfo.InvariantCulture);
        TaskRunStart start = new()
        {
            FlowRunId = input.ParentFlowRunId,
            TaskRunId = taskRunId,
            Name = $"{flow.Name}-{dynamicKey}",
            TaskKey = flow.Key,
            DynamicKey = dynamicKey,
            Basis = FlowRunBasis.Attempt(input.ParentGeneration, input.ParentRunCount),
        };
        return input.Upstream is null ? start : start with { TaskInputs = InputsOf(input.Upstream) };
    }

    /// <summary>The task run that stands for a run of a deployment.</summary>
    public static TaskRunStart OfDeployment(Guid taskRunId, string key, DeploymentRunInput input)
    {
        var dynamicKey = input.Call.DynamicKey.ToString(CultureInfo.InvariantCulture);
        return new TaskRunStart
        {
            FlowRunId = input.Parent.FlowRunId,
            TaskRunId = taskRunId,
            Name = $"{input.Call.Deployment}-{dynamicKey}",
            TaskKey = key,
            DynamicKey = dynamicKey,
            Basis = FlowRunBasis.Attempt(input.Parent.Generation, input.RunCount),
        };
    }

    internal static TaskRunPolicy PolicyOf(RunRetryPolicy retry) =>
        retry.Retries == 0
            ? TaskRunPolicy.Empty
            : new TaskRunPolicy
            {
                Retries = retry.Retries,
                RetryDelay = retry.DelaySeconds.Count switch
                {
                    0 => null,
                    1 => RetryDelay.Constant(retry.DelaySeconds[0]),
                    _ => RetryDelay.List(retry.DelaySeconds),
                },
                RetryJitterFactor = retry.JitterFactor == 0 ? null : retry.JitterFactor,
            };

    internal static Dictionary<string, IReadOnlyList<TaskRunInput>> InputsOf(IReadOnlyDictionary<string, IReadOnlyList<Guid>> upstream) =>
        upstream.ToDictionary(
            pair => pair.Key,
            pair =>
                (IReadOnlyList<TaskRunInput>)
                    [.. pair.Value.Select(id => new TaskRunInput { InputType = TaskRunInput.TaskRunResult, Id = id })],
            StringComparer.Ordinal
        );
}
