using Serverless.Flows.Hosting;

namespace Serverless.Functions.TaskRuns;

/// <summary>Answer of <see cref="TaskRunActivity"/>.</summary>
/// <param name="Kind">What the orchestrator does next.</param>
/// <param name="Outcome">The final outcome, for <see cref="TaskRunOutcomeKind.Final"/>, <see cref="TaskRunOutcomeKind.Stopped"/> and
/// <see cref="TaskRunOutcomeKind.Deleted"/>.</param>
/// <param name="RetryAt">When to run the next attempt (UTC), for <see cref="TaskRunOutcomeKind.Retry"/>.</param>
/// <param name="NotEnded">The task run, when there is no <paramref name="Outcome"/> that names it.</param>
public sealed record TaskRunOutcome(
    TaskRunOutcomeKind Kind,
    CallOutcome? Outcome = null,
    DateTimeOffset? RetryAt = null,
    Guid? NotEnded = null
)
{
    /// <summary>The task run that was attempted.</summary>
    internal Guid RunId => Outcome?.RunId ?? NotEnded.GetValueOrDefault();
}
