using Serverless.Core.States;
using Serverless.Server.Runs;

namespace Serverless.Functions.BackgroundTasks;

/// <summary>Ends background task runs that nobody can run.</summary>
/// <param name="gate">The only writer of states.</param>
/// <param name="runs">The stored task runs.</param>
public sealed class BackgroundTaskEnd(RunGate gate, TaskRunService runs)
{
    /// <summary>Ends a background task run as Crashed, unless it has ended or was deleted.</summary>
    internal async Task CrashAsync(Guid taskRunId, string? reason, CancellationToken cancellationToken)
    {
        GateAnswer answer;
        do
        {
            if (await runs.GetAsync(taskRunId, cancellationToken) is not { } run || run.StateType?.IsFinal() is true)
            {
                return;
            }

            answer = await gate.ProposeBackgroundStateAsync(
                run,
                ProposedStates.Crashed(reason),
                TaskRunBasis.State(run.StateId),
                cancellationToken: cancellationToken
            );
        } while (answer is GateAnswer.Moved);
    }
}
