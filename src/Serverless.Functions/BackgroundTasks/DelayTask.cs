using Microsoft.Azure.Functions.Worker;
using Serverless.Functions.Engine;

namespace Serverless.Functions.BackgroundTasks;

/// <summary>Has a task run in the background, for a flow's body.</summary>
/// <param name="engine">Stores it.</param>
public sealed class DelayTask(BackgroundTaskEngine engine)
{
    /// <summary>The activity. Repeated after a crash, it finds the run that it has created: a call of a flow has a key.</summary>
    [Function(nameof(DelayTask))]
    public async Task<Answered<DelayTaskResult>> RunAsync(
        [ActivityTrigger] Asked<DelayTaskInput> asked,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(asked);
        return asked.Answer(await engine.CreateAsync(asked.Input, cancellationToken));
    }
}
