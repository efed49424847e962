using System.Globalization;
using System.Text.Json;
using Microsoft.Azure.Functions.Worker;
using Serverless.Core.Ids;
using Serverless.Core.Models;
using Serverless.Core.Schemas;
using Serverless.Core.States;
using Serverless.Flows;
using Serverless.Flows.Hosting;
using Serverless.Functions.Engine;
using Serverless.Functions.TaskRuns;
using Serverless.Server;
using Serverless.Server.Deployments;
using Serverless.Server.Runs;

namespace Serverless.Functions.FlowRuns;

/// <summary>
/// Creates a run of a deployment for a flow that runs, and if that waits, the task run that stands for it. The flow may be executed here or
/// elsewhere.
/// </summary>
/// <param name="gate">The only writer of states.</param>
/// <param name="runs">The stored runs.</param>
/// <param name="deployments">The stored deployments.</param>
public sealed class BeginDeploymentRun(RunGate gate, FlowRunService runs, DeploymentService deployments)
{
    /// <summary>The activity; the run's idempotency key derives from the call, so that repeating it creates nothing twice.</summary>
    [Function(nameof(BeginDeploymentRun))]
    public async Task<Answered<DeploymentRun>> RunAsync(
        [ActivityTrigger] Asked<DeploymentRunInput> asked,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(asked);
        return asked.Answer(await BeginAsync(asked.Input, cancellationToken));
    }

    private async Task<DeploymentRun> BeginAsync(DeploymentRunInput input, CancellationToken cancellationToken)
    {
        var (parent, _, call) = input;
        if (await FindAsync(call.Deployment, cancellationToken) is not { } deployment)
        {
            return new DeploymentRun(parent.FlowRunId, null, Outcome: Refused($"There is no deployment '{call.Deployment}'."));
        }

        var key = call.CallKey;
        var taskRunId = StableIds.TaskRun(parent.FlowRunId, key, call.DynamicKey);
        if (!call.Waits)
        {
            return await CreateAsync(new DeploymentRun(parent.FlowRunId, null), deployment, call, $"{taskRunId:N}", cancellationToken);
        }

        var started = await gate.BeginTaskRunAsync(TaskRunStarts.OfDeployment(taskRunId, key, input), cancellationToken);
        if (started is { Kind: TaskRunStartKind.Ended, TaskRun.State: { } ended })
        {
            var child = ended.StateDetails.ChildFlowRunId ?? taskRunId;
            return new DeploymentRun(parent.FlowRunId, taskRunId, Outcome: Outcomes.Of(child, ended, started.StoredResultJson));
        }

        if (started is not { Kind: TaskRunStartKind.Begun, TaskRun: { } taskRun })
        {
            var isForGood = started is null or { Kind: TaskRunStartKind.Stopped };
            var reason = started is null ? "The parent run was deleted." : started.Reason;
            return new DeploymentRun(parent.FlowRunId, taskRunId, Outcome: isForGood ? Outcomes.Refused(taskRunId, reason) : null);
        }

        // Each attempt of the caller that asks again has a run of its own: the one before has ended.
        var attempt = string.Create(CultureInfo.InvariantCulture, $"{taskRunId:N}-{taskRun.FlowRunRunCount}");
        return await CreateAsync(
            new DeploymentRun(parent.FlowRunId, taskRunId, TaskRunStateId: taskRun.StateId),
            deployment,
            call,
            attempt,
            cancellationToken
        );
    }

    private async Task<DeploymentRun> CreateAsync(
        DeploymentRun run,
        Deployment deployment,
        DeploymentInvocation call,
        string key,
        CancellationToken cancellationToken
    )
    {
        using var parameters = JsonDocument.Parse(call.ParametersJson);
        DeploymentFlowRunCreate request = new()
        {
            Name = call.Options.RunName,
            Parameters = parameters
                .RootElement.EnumerateObject()
                .ToDictionary(property => property.Name, property => property.Value.Clone(), StringComparer.Ordinal),
            ParentTaskRunId = run.TaskRunId,
            IdempotencyKey = call.Options.IdempotencyKey ?? key,
            State = ProposedStates.Scheduled(call.Options.ScheduledTime),
            Tags = call.Tags ?? [],
        };
        try
        {
            return await runs.CreateFromDeploymentAsync(deployment.Id, request, cancellationToken: cancellationToken) is { } created
                ? run with
                {
                    FlowRunId = created.Run.Id,
                }
                : Without($"There is no deployment '{call.Deployment}'.");
        }
        catch (Exception refused) when (refused is RequestConflictException or RequestRefusedException or HydrationException)
        {
            return Without(refused.Message);
        }

        DeploymentRun Without(string reason) => run with { Outcome = Refused(reason) };
    }

    private async Task<Deployment?> FindAsync(string deployment, CancellationToken cancellationToken) =>
        Guid.TryParse(deployment, out var id) ? await deployments.GetAsync(id, cancellationToken)
        : deployment.Split('/', 2) is [var flow, var name] ? await deployments.GetAsync(flow, name, cancellationToken)
        : null;

    private static CallOutcome Refused(string reason) =>
        new(default, StateType.Failed, StateNames.Failed, reason, null) { ErrorType = typeof(FlowRegistrationException).FullName };
}
