using Serverless.Core.States;
using Serverless.Core.Transitions;

namespace Serverless.Server.Runs;

/// <summary>Proposals of tests, which rest on nothing that was read before.</summary>
internal static class GateExtensions
{
    public static Task<OrchestrationResult?> ProposeFlowRunStateAsync(
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

    public static Task<OrchestrationResult?> ProposeTaskRunStateAsync(
        this RunGate gate,
        Guid flowRunId,
        Guid taskRunId,
        ProposedState proposed,
        string? resultJson = null,
        bool force = false
    ) => gate.ProposeTaskRunStateAsync(flowRunId, taskRunId, proposed, TaskRunBasis.None, resultJson, force);
}
