using Serverless.Server.Runs;
using Serverless.Storage;

namespace Serverless.Server.Concurrency;

/// <summary>The run that holds slots: its own row says so, too.</summary>
/// <param name="RunId">The flow run; of a task run the one whose partition it lies in.</param>
/// <param name="TaskRunId">The task run; null when the flow run itself is the owner.</param>
internal sealed record SlotOwner(Guid RunId, Guid? TaskRunId = null)
{
    /// <summary>Nobody of whom there is a row here: a client that took slots by itself.</summary>
    public static SlotOwner None { get; } = new(Guid.Empty);

    public RowAddress Row => TaskRunId is { } taskRunId ? RunKeys.TaskRun(RunId, taskRunId) : RunKeys.FlowRun(RunId);
}
