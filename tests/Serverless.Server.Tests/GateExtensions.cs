using Serverless.Core.States;
using Serverless.Core.Transitions;

namespace Serverless.Server.Runs;

/// <summary>Proposals of tests, which rest on nothing that was read before.</summary>
internal static class GateExtensions
{
    extension(GateAnswer answer)
    {
        /// <summary>Of the answer on the wire.</summary>
        public SetStateStatus? Status => answer.ToResult()?.Status;

        /// <summary>Of the answer on the wire.</summary>
        public StateResponseDetails? Details => answer.ToResult()?.Details;
    }

    public static Task<GateAnswer> ProposeFlowRunStateAsync(
        this RunGate gate,
        Guid flowRunId,
        ProposedState proposed,
        TransitionOrigin origin,
        bool force = false,
        string? resultJson = null,
        ClientVersion? client = null,
        int? generation = null
    ) =>
        gate.ProposeAsync(
            new FlowRunProposal
            {
                FlowRunId = flowRunId,
                States = [proposed],
                Origin = origin,
                Force = force,
                Client = client,
                ResultJson = resultJson,
                Basis = generation is { } known ? FlowRunBasis.Orchestration(known) : FlowRunBasis.None,
            },
            CancellationToken.None
        );

    public static Task<GateAnswer> ProposeTaskRunStateAsync(
        this RunGate gate,
        Guid flowRunId,
        Guid taskRunId,
        ProposedState proposed,
        string? resultJson = null,
        bool force = false
    ) => gate.ProposeTaskRunStateAsync(flowRunId, taskRunId, proposed, TaskRunBasis.None, resultJson, force);
}
