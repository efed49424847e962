using Microsoft.Extensions.DependencyInjection;

namespace Serverless.Flows.Testing;

public sealed partial class FlowTestHost
{
    /// <summary>
    /// Waits until a background task run has ended; moves the clock from timer to timer. Tests ask for runs by the
    /// <see cref="IBackgroundTasks"/> of <see cref="Services"/>.
    /// </summary>
    /// <param name="taskRunId">The task run: <see cref="BackgroundTaskRun.Id"/>, or what <c>flow.DelayAsync</c> gave.</param>
    /// <param name="cancellationToken">Ends the wait, not the run.</param>
    /// <returns>The final state, with the value: <c>state.Result&lt;T&gt;()</c>.</returns>
    /// <exception cref="FlowTestException">There is no such run, or it does not end by itself.</exception>
    public async Task<RunState> WaitForBackgroundTaskAsync(Guid taskRunId, CancellationToken cancellationToken = default)
    {
        RunState? ended = null;
        while (
            await StepAsync(
                async process =>
                {
                    var state =
                        await process.Services.GetRequiredService<IBackgroundTasks>().Get(taskRunId).GetStateAsync(cancellationToken)
                        ?? throw new FlowTestException($"There is no background task run {taskRunId}.");
                    if (state.IsFinal)
                    {
                        ended = state;
                        return false;
                    }

                    process.AdvanceTo(
                        process.NextDue
                            ?? throw new FlowTestException(
                                $"Background task run {taskRunId} is {state}, and will not end by itself: nothing waits for a time."
                            )
                    );
                    return true;
                },
                cancellationToken
            )
        ) { }

        return ended!;
    }
}
