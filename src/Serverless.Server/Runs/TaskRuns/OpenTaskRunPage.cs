using Serverless.Core.Models;

namespace Serverless.Server.Runs;

/// <summary>Some of the task runs of a flow run that have not ended.</summary>
/// <param name="TaskRuns">The task runs.</param>
/// <param name="Next">The last task run of the page, after which the next page begins; null if there are no more.</param>
public sealed record OpenTaskRunPage(IReadOnlyList<TaskRun> TaskRuns, Guid? Next);
