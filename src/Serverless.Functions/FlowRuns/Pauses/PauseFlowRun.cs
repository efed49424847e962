using Microsoft.Azure.Functions.Worker;
using Serverless.Core.States;
using Serverless.Flows;
using Serverless.Functions.Engine;
using Serverless.Server.Runs;

namespace Serverless.Functions.FlowRuns;

/// <summary>Pauses or suspends a run at its own wish, and stores what it asks for.</summary>
/// <param name="gate">The only writer of states.</param>
/// <param name="inputs">The run's inputs, addressed by Prefect's key set of a pause.</param>
public sealed class PauseFlowRun(RunGate gate, RunInputs inputs)
{
    /// <summary>The activity. Called again after the resume, it finds that the pause has fired and brings the answer.</summary>
    [Function(nameof(PauseFlowRun))]
    public async Task<Answered<PauseResult>> RunAsync([ActivityTrigger] Asked<PauseFlowRunInput> asked, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(asked);
        return asked.Answer(await PauseAsync(asked.Input, cancellationToken));
    }

    private async Task<PauseResult> PauseAsync(PauseFlowRunInput input, CancellationToken cancellationToken)
    {
        var flowRunId = input.Start.FlowRunId;
        var key = input.Request.Key;
        Dictionary<string, string>? keyset = null;
        if (input.Request.InputSchemaJson is { } schema)
        {
            keyset = PauseKeys.Keyset(key, input.Request.Description is not null);
            await inputs.SetAsync(flowRunId, keyset[PauseKeys.Schema], schema, cancellationToken);
            if (input.Request.Description is { } description)
            {
                await inputs.SetAsync(flowRunId, keyset[PauseKeys.Description], description, cancellationToken);
            }
        }

        var paused = input.Request.Suspend ? ProposedStates.Suspended(input.Until, key) : ProposedStates.Paused(input.Until, key);
        paused = paused with { StateDetails = paused.StateDetails with { RunInputKeyset = keyset } };
        var answer = await gate.ProposeFlowRunStateAsync(
            flowRunId,
            paused,
            TransitionOrigin.Orchestrator,
            FlowRunBasis.Attempt(input.Start.Generation, input.RunCount),
            cancellationToken: cancellationToken
        );
        return answer switch
        {
            GateAnswer.Aborted or GateAnswer.Superseded or GateAnswer.Moved => new PauseResult(PauseKind.Refused, Reason: answer.Reason),
            { State.Type: StateType.Paused or StateType.Scheduled or StateType.Pending } => new PauseResult(PauseKind.Paused),
            { State.Type: StateType.Running } => ResumedWith(
                input.Request.Key,
                keyset is null ? null : await inputs.GetAsync(flowRunId, keyset[PauseKeys.Response], cancellationToken)
            ),
            GateAnswer.Rejected => new PauseResult(PauseKind.Refused, Reason: answer.Reason),
            _ => new PauseResult(PauseKind.Refused, Reason: "The run was deleted."),
        };
    }

    private static PauseResult ResumedWith(string key, string? inputJson) =>
        inputJson is { Length: > PayloadLimitException.MaxCharacters } tooLarge
            ? new PauseResult(
                PauseKind.Refused,
                Reason: PayloadLimitException
                    .Of(
                        $"The input for pause '{key}'",
                        tooLarge.Length,
                        PayloadLimitException.MaxCharacters,
                        "Store large data elsewhere and enter its location."
                    )
                    .Message
            )
            : new PauseResult(PauseKind.Resumed, inputJson);
}
