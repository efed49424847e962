using Serverless.Flows.Hosting;
using Serverless.Functions.BackgroundTasks;

namespace Serverless.Functions.Engine;

/// <summary>Tasks that a flow's body has run in the background.</summary>
internal sealed partial class OrchestratedFlowEngine
{
    public async Task<Guid> DelayTaskAsync(BackgroundInvocation invocation)
    {
        var input = DelayTaskInput.Of(invocation);
        var answer = await _watch.UnlessStopped(() =>
            Track(_calls.AskAsync<DelayTaskInput, DelayTaskResult>(nameof(DelayTask), input, input.TaskKey))
        );
        return answer.Refusal is { } refusal ? throw new InvalidOperationException(refusal) : answer.TaskRunId;
    }
}
