using Microsoft.Azure.Functions.Worker;

namespace Serverless.Functions.BackgroundTasks;

/// <summary>Has a task run in the background, for a flow's body.</summary>
/// <param name="engine">Stores it.</param>
public sealed class DelayTask(BackgroundTaskEngine engine)
{
    /// <summary>The activity. Repeated after a crash, it finds the run that it has created: a call of a flow has a key.</summary>
    [Function(nameof(DelayTask))]
    public Task<DelayTaskResult> RunAsync([ActivityTrigger] DelayTaskInput input, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(input);
        return engine.CreateAsync(input, cancellationToken);
    }
}
