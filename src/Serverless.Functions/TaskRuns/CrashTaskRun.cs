using Microsoft.Azure.Functions.Worker;
using Serverless.Core.States;
using Serverless.Flows.Hosting;
using Serverless.Functions.BackgroundTasks;
using Serverless.Functions.FlowRuns;
using Serverless.Server.Runs;

namespace Serverless.Functions.TaskRuns;

/// <summary>Ends a task run as Crashed whose attempts could not be carried out, unless it has ended.</summary>
/// <param name="gate">The only writer of states.</param>
/// <param name="background">The same for background task runs.</param>
/// <param name="runs">The stored runs.</param>
public sealed class CrashTaskRun(RunGate gate, BackgroundTaskEnd background, TaskRunService runs)
{
    /// <summary>The activity; it answers with how the task run ended. Repeating it gives the same answer.</summary>
    [Function(nameof(CrashTaskRun))]
    public async Task<CallOutcome> RunAsync([ActivityTrigger] CrashTaskRunInput input, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(input);
        await CrashAsync(input, cancellationToken);
        return await runs.GetResultAsync(input.TaskRunId, cancellationToken) is { State: { } state } result && state.IsFinal()
            ? Outcomes.Of(input.TaskRunId, state, result)
            : new CallOutcome(input.TaskRunId, StateType.Crashed, StateNames.Crashed, input.Message, null);
    }

    private async Task CrashAsync(CrashTaskRunInput input, CancellationToken cancellationToken)
    {
        if (input.Settings.Background is null)
        {
            await gate.ProposeTaskRunStateAsync(
                input.Settings.FlowRunId,
                input.TaskRunId,
                ProposedStates.Crashed(input.Message),
                TaskRunBasis.Of(input.Settings.Basis),
                cancellationToken: cancellationToken
            );
        }
        else
        {
            await background.CrashAsync(input.TaskRunId, input.Message, cancellationToken);
        }
    }
}
