using System.Net;
using System.Text.Json;
using Serverless.Core.Json;
using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Server.Deployments;
using Serverless.Server.Runs.Writing;

namespace Serverless.Server.Runs;

/// <summary>What clients change of runs besides their states.</summary>
public sealed class RunEdits
{
    /// <summary>Bytes of all labels of a run, as JSON: each request may add some.</summary>
    public const int MostLabelBytes = 256 * 1024;

    private readonly RunReader _reader;
    private readonly RunWriter _writer;
    private readonly DeploymentService _deployments;
    private readonly CommitRetry _retry;
    private readonly TimeProvider _time;

    internal RunEdits(RunReader reader, RunWriter writer, DeploymentService deployments, CommitRetry retry, TimeProvider time)
    {
        _reader = reader;
        _writer = writer;
        _deployments = deployments;
        _retry = retry;
        _time = time;
    }

    /// <summary>Changes a flow run. False when there is no such run.</summary>
    /// <exception cref="RequestRefusedException">The run takes no job variables, or not any more.</exception>
    public Task<bool> UpdateAsync(Guid flowRunId, FlowRunUpdate update, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(update);
        return EditAsync(
            flowRunId,
            async (stored, token) =>
            {
                if (update.JobVariables is { } variables)
                {
                    await CheckVariablesAsync(stored, variables.Count > 0, token);
                }

                var run = update.ApplyTo(stored.Run);
                return update.HasName ? run with { Name = NameOf(update.Name, flowRunId) } : run;
            },
            cancellationToken
        );
    }

    /// <summary>Adds labels to a flow run, in place of those of the same names. False when there is no such run.</summary>
    /// <exception cref="RequestRefusedException">They are too large together with those that are there.</exception>
    public Task<bool> AddLabelsAsync(
        Guid flowRunId,
        IReadOnlyDictionary<string, JsonElement> labels,
        CancellationToken cancellationToken = default
    ) =>
        EditAsync(
            flowRunId,
            (stored, _) =>
            {
                var all = RunLabels.With(new(stored.Run.Labels), labels);
                return
                    JsonSerializer.SerializeToUtf8Bytes(all, WireJson.TypeInfo<IReadOnlyDictionary<string, JsonElement>>()).Length
                    <= MostLabelBytes
                    ? new ValueTask<FlowRun>(stored.Run with { Labels = all })
                    : throw new RequestRefusedException(
                        HttpStatusCode.UnprocessableContent,
                        $"The labels of a flow run have at most {MostLabelBytes} bytes together."
                    );
            },
            cancellationToken
        );

    /// <summary>Changes a task run. False when there is no such run.</summary>
    public Task<bool> UpdateAsync(Guid taskRunId, TaskRunUpdate update, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(update);
        return _retry.RunAsync<bool>(
            async token =>
            {
                if (await _reader.TaskRunAsync(taskRunId, token) is not { Attempt: var attempt })
                {
                    return false;
                }

                if (!update.HasName || NameOf(update.Name, taskRunId) is var name && name == attempt.TaskRun.Name)
                {
                    return true;
                }

                // Without its flow run: no work begins with a new name, so that the flow run may be in any state.
                var before = attempt with
                {
                    FlowRun = null,
                };
                TaskRunChange change = new()
                {
                    Before = before,
                    After = before with { TaskRun = attempt.TaskRun with { Name = name, Updated = WireClock.Now(_time) } },
                };
                return (await _writer.TryWriteAsync(change, token)).Succeeded ? true : default(TryResult<bool>);
            },
            cancellationToken
        );
    }

    private Task<bool> EditAsync(
        Guid flowRunId,
        Func<StoredFlowRun, CancellationToken, ValueTask<FlowRun>> edit,
        CancellationToken cancellationToken
    ) =>
        _retry.RunAsync<bool>(
            async token =>
            {
                if (await _reader.FlowRunAsync(flowRunId, token) is not { } stored)
                {
                    return false;
                }

                var run = await edit(stored, token);
                if (run == stored.Run)
                {
                    return true;
                }

                FlowRunChange change = new() { Before = stored, After = stored with { Run = run with { Updated = WireClock.Now(_time) } } };
                return (await _writer.TryWriteAsync(change, token)).Succeeded ? true : default(TryResult<bool>);
            },
            cancellationToken
        );

    /// <summary>Prefect's rules and words, and ours for a run that has no infrastructure.</summary>
    private async ValueTask CheckVariablesAsync(StoredFlowRun stored, bool any, CancellationToken cancellationToken)
    {
        if (stored.Run.StateType is not { } type)
        {
            throw Refused("Flow run state is required to update job variables but none exists");
        }

        if (type != StateType.Scheduled)
        {
            throw Refused($"Job variables for a flow run in state {type.ToString().ToUpperInvariant()} cannot be updated");
        }

        if (stored.Run.DeploymentId is not { } deploymentId || await _deployments.GetAsync(deploymentId, cancellationToken) is null)
        {
            throw Refused("A deployment for the flow run could not be found");
        }

        RunPlaces.CheckVariables(any, stored.Registered);

        static RequestRefusedException Refused(string detail) => new(HttpStatusCode.BadRequest, detail);
    }

    private static string NameOf(string? name, Guid id) => string.IsNullOrEmpty(name) ? RunNames.For(id) : name;
}
