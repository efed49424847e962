using Serverless.Core.Models;

namespace Serverless.Server.Runs;

/// <summary>Some of the task runs of a flow run that have not ended.</summary>
/// <param name="TaskRuns">The task runs.</param>
/// <param name="Next">The last task run that was looked at, to go on behind it; null when there are no more.</param>
public sealed record OpenTaskRunPage(IReadOnlyList<TaskRun> TaskRuns, Guid? Next);
