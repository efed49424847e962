using Serverless.Flows.Hosting;
using Serverless.Functions.BackgroundTasks;

namespace Serverless.Functions.Engine;

/// <summary>Tasks that a flow's body has run in the background.</summary>
internal sealed partial class OrchestratedFlowEngine
{
    public async Task<Guid> DelayTaskAsync(BackgroundInvocation invocation)
    {
        var answer = await _watch.UnlessStopped(() =>
            Track(
                _activities.CallAsync<DelayTaskResult>(
                    nameof(DelayTask),
                    DelayTaskInput.Of(invocation),
                    _calls.OptionsFor(invocation.Task.Key)
                )
            )
        );
        return answer.Refusal is { } refusal ? throw new InvalidOperationException(refusal) : answer.TaskRunId;
    }
}
