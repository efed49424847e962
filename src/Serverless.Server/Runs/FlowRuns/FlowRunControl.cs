using System.Text.Json;
using Serverless.Core.Json;
using Serverless.Core.Models;
using Serverless.Core.Schemas;
using Serverless.Core.States;
using Serverless.Server.Concurrency;
using Serverless.Storage;

namespace Serverless.Server.Runs;

/// <summary>What people ask of a flow run: to pause, suspend, resume, cancel. Each answers null when there is no such run.</summary>
public sealed class FlowRunControl(IRowStore store, TimeProvider time, RunGate gate, RunInputs inputs, ConcurrencyLimits limits)
{
    /// <summary>How long a run stays paused when its pauser does not say (Prefect's default).</summary>
    public static readonly TimeSpan DefaultPauseTimeout = TimeSpan.FromHours(1);

    private const string SchemaKey = "schema";
    private const string ResponseKey = "response";

    private readonly RunReader _reader = new(store);

    /// <summary>Pauses a running flow run until it is resumed; it fails when nobody does in time.</summary>
    public Task<OrchestrationResult?> PauseAsync(
        Guid flowRunId,
        TimeSpan timeout,
        string? message = null,
        CancellationToken cancellationToken = default
    ) => ProposeAsync(flowRunId, ProposedStates.Paused(time.GetUtcNow() + timeout, message: message), cancellationToken);

    /// <summary>Suspends a running flow run of a deployment until it is resumed; it fails when nobody does in time.</summary>
    public Task<OrchestrationResult?> SuspendAsync(
        Guid flowRunId,
        TimeSpan timeout,
        string? message = null,
        CancellationToken cancellationToken = default
    ) => ProposeAsync(flowRunId, ProposedStates.Suspended(time.GetUtcNow() + timeout, message: message), cancellationToken);

    /// <summary>
    /// Cancels a flow run: one that runs becomes Cancelling until it has stopped, one that holds nothing Cancelled at once.
    /// </summary>
    public Task<OrchestrationResult?> CancelAsync(Guid flowRunId, string? message = null, CancellationToken cancellationToken = default) =>
        CancelAsync(flowRunId, message, generation: null, cancellationToken);

    /// <summary>
    /// Cancels a run unless it has been started again since: another orchestration than the one that was meant drives it then.
    /// </summary>
    /// <param name="flowRunId">The run.</param>
    /// <param name="message">Why.</param>
    /// <param name="generation">Of the orchestration that is meant; null for whichever there is.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<OrchestrationResult?> CancelAsync(
        Guid flowRunId,
        string? message,
        int? generation,
        CancellationToken cancellationToken = default
    )
    {
        while (true)
        {
            if (await _reader.FlowRunAsync(flowRunId, cancellationToken) is not { } stored)
            {
                return null;
            }

            if (generation is { } meant && meant != stored.Generation)
            {
                return RunGate.Moved;
            }

            // The rules let a paused run go only to Running, Scheduled or a final state (HandleResumingPausedFlows).
            var isPaused = stored.Run.State is { Type: StateType.Paused, StateDetails.PauseReschedule: false };
            var result = await gate.ProposeAsync(
                new FlowRunProposal
                {
                    FlowRunId = flowRunId,
                    States = [isPaused ? ProposedStates.Cancelled(message) : ProposedStates.Cancelling(message)],
                    Origin = TransitionOrigin.Client,
                    Basis = FlowRunBasis.StateOf(stored.Run),
                },
                cancellationToken
            );
            if (!ReferenceEquals(result, RunGate.Moved))
            {
                return result;
            }
        }
    }

    /// <summary>
    /// Resumes a paused flow run. When the pause asks for input, the input must match its schema, and is stored in the commit
    /// that resumes the run; otherwise the run stays paused and the answer says why. (Prefect's resume operation.)
    /// </summary>
    public async Task<OrchestrationResult?> ResumeAsync(
        Guid flowRunId,
        IReadOnlyDictionary<string, JsonElement>? input = null,
        CancellationToken cancellationToken = default
    )
    {
        while (true)
        {
            if (await _reader.FlowRunAsync(flowRunId, cancellationToken) is not { } stored)
            {
                return null;
            }

            if (stored.Run.State is not { Type: StateType.Paused } state)
            {
                return Answer(null, SetStateStatus.Abort, new StateAbortDetails("Cannot resume a flow run that is not paused."));
            }

            List<RowOperation> writes = [];
            if (state.StateDetails.RunInputKeyset is { Count: > 0 } keyset)
            {
                input ??= JsonObjects.Empty;
                if (await RefuseAsync(flowRunId, keyset, input, cancellationToken) is { } reason)
                {
                    return Answer(state, SetStateStatus.Reject, new StateRejectDetails(reason));
                }

                if (keyset.TryGetValue(ResponseKey, out var key))
                {
                    writes.Add(
                        RunInputs.Write(
                            flowRunId,
                            key,
                            JsonSerializer.Serialize(input, WireJson.TypeInfo<IReadOnlyDictionary<string, JsonElement>>())
                        )
                    );
                }
            }

            // A paused run holds no slot: one that is executed here queues for it as a suspended one does, by way of Scheduled.
            var isRescheduled =
                state.StateDetails.PauseReschedule
                || (
                    stored is { Registered: true, Run.DeploymentId: { } deploymentId }
                    && await limits.LimitsDeploymentAsync(deploymentId, cancellationToken)
                );
            var result = await gate.ProposeAsync(
                new FlowRunProposal
                {
                    FlowRunId = flowRunId,
                    States = [isRescheduled ? ProposedStates.Resuming() : ProposedStates.Running()],
                    Origin = TransitionOrigin.Client,
                    Basis = FlowRunBasis.InState(state.Id),
                    WithAccepted = writes,
                },
                cancellationToken
            );
            if (!ReferenceEquals(result, RunGate.Moved))
            {
                return result;
            }
        }
    }

    private async ValueTask<string?> RefuseAsync(
        Guid flowRunId,
        IReadOnlyDictionary<string, string> keyset,
        IReadOnlyDictionary<string, JsonElement> input,
        CancellationToken cancellationToken
    )
    {
        if (!keyset.TryGetValue(SchemaKey, out var key) || await inputs.GetAsync(flowRunId, key, cancellationToken) is not { } text)
        {
            return "Run input schema not found.";
        }

        try
        {
            using var schema = JsonDocument.Parse(text);
            return ParameterSchema.Validate(schema.RootElement, input) is [var first, ..] ? $"Reason: {first}" : null;
        }
        catch (JsonException)
        {
            return "Run input schema is not valid JSON.";
        }
    }

    private async Task<OrchestrationResult?> ProposeAsync(Guid flowRunId, ProposedState state, CancellationToken cancellationToken) =>
        await gate.SetFlowRunStateAsync(flowRunId, state, cancellationToken: cancellationToken);

    private static OrchestrationResult Answer(State? state, SetStateStatus status, StateResponseDetails details) =>
        new()
        {
            State = state,
            Status = status,
            Details = details,
        };
}
