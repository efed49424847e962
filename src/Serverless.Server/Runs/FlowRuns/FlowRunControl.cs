using System.Text.Json;
using Serverless.Core.Json;
using Serverless.Core.Models;
using Serverless.Core.Schemas;
using Serverless.Core.States;
using Serverless.Server.Concurrency;
using Serverless.Server.Deployments;
using Serverless.Server.Runs.Writing;
using Serverless.Storage;

namespace Serverless.Server.Runs;

/// <summary>What people ask of a flow run: to pause, suspend, resume, cancel.</summary>
public sealed class FlowRunControl
{
    /// <summary>How long a run stays paused when its pauser does not say (Prefect's default).</summary>
    public static readonly TimeSpan DefaultPauseTimeout = TimeSpan.FromHours(1);

    private const string SchemaKey = "schema";
    private const string ResponseKey = "response";

    private readonly TimeProvider _time;
    private readonly RunReader _reader;
    private readonly RunGate _gate;
    private readonly RunInputs _inputs;
    private readonly CheckedHydration _hydration;
    private readonly ConcurrencyLimits _limits;
    private readonly CommitRetry _retry;

    internal FlowRunControl(
        TimeProvider time,
        RunReader reader,
        RunGate gate,
        RunInputs inputs,
        CheckedHydration hydration,
        ConcurrencyLimits limits,
        CommitRetry retry
    )
    {
        _time = time;
        _reader = reader;
        _gate = gate;
        _inputs = inputs;
        _hydration = hydration;
        _limits = limits;
        _retry = retry;
    }

    /// <summary>Pauses a running flow run until it is resumed; it fails when nobody does in time.</summary>
    public Task<GateAnswer> PauseAsync(
        Guid flowRunId,
        TimeSpan timeout,
        string? message = null,
        CancellationToken cancellationToken = default
    ) => ProposeAsync(flowRunId, ProposedStates.Paused(_time.GetUtcNow() + timeout, message: message), cancellationToken);

    /// <summary>Suspends a running flow run of a deployment until it is resumed; it fails when nobody does in time.</summary>
    public Task<GateAnswer> SuspendAsync(
        Guid flowRunId,
        TimeSpan timeout,
        string? message = null,
        CancellationToken cancellationToken = default
    ) => ProposeAsync(flowRunId, ProposedStates.Suspended(_time.GetUtcNow() + timeout, message: message), cancellationToken);

    /// <summary>
    /// Cancels a flow run: one that runs becomes Cancelling until it has stopped, one that holds nothing Cancelled at once.
    /// </summary>
    public Task<GateAnswer> CancelAsync(Guid flowRunId, string? message = null, CancellationToken cancellationToken = default) =>
        CancelAsync(flowRunId, message, generation: null, cancellationToken);

    /// <summary>
    /// Cancels a run unless it has been started again since: another orchestration than the one that was meant drives it then.
    /// </summary>
    /// <param name="flowRunId">The run.</param>
    /// <param name="message">Why.</param>
    /// <param name="generation">Of the orchestration that is meant; null for whichever there is.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<GateAnswer> CancelAsync(Guid flowRunId, string? message, int? generation, CancellationToken cancellationToken = default) =>
        UntilSettledAsync(
            flowRunId,
            async (stored, token) =>
            {
                if (generation is { } meant && meant != stored.Generation)
                {
                    return new GateAnswer.Superseded(stored.Run.State);
                }

                // The rules let a paused run go only to Running, Scheduled or a final state (HandleResumingPausedFlows).
                var isPaused = stored.Run.State is { Type: StateType.Paused, StateDetails.PauseReschedule: false };
                return await _gate.SetFlowRunStateAsync(
                    flowRunId,
                    isPaused ? ProposedStates.Cancelled(message) : ProposedStates.Cancelling(message),
                    basis: FlowRunBasis.StateOf(stored.Run),
                    cancellationToken: token
                );
            },
            cancellationToken
        );

    /// <summary>
    /// Resumes a paused flow run. When the pause asks for input, values that only say how they are made (<c>__prefect_kind</c>) are made
    /// first. Then the input must match the schema, and is stored in the commit that resumes the run; otherwise the run stays paused and
    /// the answer says why. (Prefect's resume operation.)
    /// </summary>
    public Task<GateAnswer> ResumeAsync(
        Guid flowRunId,
        IReadOnlyDictionary<string, JsonElement>? input = null,
        CancellationToken cancellationToken = default
    ) => UntilSettledAsync(flowRunId, (stored, token) => ResumeAsync(stored, input ?? JsonObjects.Empty, token), cancellationToken);

    /// <summary>Reads the run and does what is asked for, until the run is still as it was read when the state is written.</summary>
    private Task<GateAnswer> UntilSettledAsync(
        Guid flowRunId,
        Func<StoredFlowRun, CancellationToken, Task<GateAnswer>> propose,
        CancellationToken cancellationToken
    ) =>
        _retry.RunAsync<GateAnswer>(
            async token =>
                await _reader.FlowRunAsync(flowRunId, token) is not { } stored ? new GateAnswer.Missing()
                : await propose(stored, token) is var answer && answer is not GateAnswer.Moved ? answer
                : default(TryResult<GateAnswer>),
            cancellationToken
        );

    private async Task<GateAnswer> ResumeAsync(
        StoredFlowRun stored,
        IReadOnlyDictionary<string, JsonElement> input,
        CancellationToken cancellationToken
    )
    {
        var flowRunId = stored.Run.Id;
        if (stored.Run.State is not { Type: StateType.Paused } state)
        {
            return new GateAnswer.Aborted(null, "Cannot resume a flow run that is not paused.");
        }

        List<RowOperation> writes = [];
        if (state.StateDetails.RunInputKeyset is { Count: > 0 } keyset)
        {
            IReadOnlyDictionary<string, JsonElement> made;
            try
            {
                made = await _hydration.HydrateAsync(input, cancellationToken);
            }
            catch (HydrationException e)
            {
                return new GateAnswer.Rejected(state, $"Error hydrating run input: {e.Message}");
            }

            if (await RefuseAsync(flowRunId, keyset, made, cancellationToken) is { } reason)
            {
                return new GateAnswer.Rejected(state, reason);
            }

            if (keyset.TryGetValue(ResponseKey, out var key))
            {
                writes.Add(
                    _inputs.Write(
                        flowRunId,
                        key,
                        JsonSerializer.Serialize(made, WireJson.TypeInfo<IReadOnlyDictionary<string, JsonElement>>())
                    )
                );
            }
        }

        // A paused run holds no slot: a run of this app queues for it as a suspended one does, by way of Scheduled.
        var isRescheduled =
            state.StateDetails.PauseReschedule
            || (
                stored is { Registered: true, Run.DeploymentId: { } deploymentId }
                && await _limits.LimitsDeploymentAsync(deploymentId, cancellationToken)
            );
        return await _gate.ProposeAsync(
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
    }

    private async ValueTask<string?> RefuseAsync(
        Guid flowRunId,
        IReadOnlyDictionary<string, string> keyset,
        IReadOnlyDictionary<string, JsonElement> input,
        CancellationToken cancellationToken
    )
    {
        if (!keyset.TryGetValue(SchemaKey, out var key) || await _inputs.GetAsync(flowRunId, key, cancellationToken) is not { } text)
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

    private Task<GateAnswer> ProposeAsync(Guid flowRunId, ProposedState state, CancellationToken cancellationToken) =>
        _gate.SetFlowRunStateAsync(flowRunId, state, cancellationToken: cancellationToken);
}
