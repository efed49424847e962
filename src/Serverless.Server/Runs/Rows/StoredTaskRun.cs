using Serverless.Core.Models;

namespace Serverless.Server.Runs;

/// <summary>A task run and the flow run that it is part of, as their rows hold them.</summary>
/// <param name="Attempt">The task run.</param>
/// <param name="FlowRun">The flow run; null outside any flow.</param>
internal sealed record StoredTaskRun(TaskRunAttempt Attempt, StoredFlowRun? FlowRun)
{
    public TaskRun TaskRun => Attempt.TaskRun;
}
