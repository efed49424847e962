using Microsoft.Azure.Functions.Worker;
using Serverless.Functions.Services;
using Serverless.Server.Runs;
using Serverless.Server.Services;

namespace Serverless.Functions.FlowRuns;

/// <summary>Marks runs Late that have not begun in time.</summary>
/// <param name="services">Remembers how the run went.</param>
/// <param name="deadlines">Does it.</param>
public sealed class MarkLateRuns(ServiceRuns services, RunDeadlines deadlines)
{
    /// <summary>The timer trigger: bounded work, which the next run continues.</summary>
    [Function(nameof(MarkLateRuns))]
    public Task RunAsync([TimerTrigger("%DueRunSchedule%")] TimerInfo timer, CancellationToken cancellationToken) =>
        services.RunAsync(
            nameof(MarkLateRuns),
            timer,
            async token => ServiceOutcome.Of(await deadlines.MarkLateAsync(token), "marked Late", "runs"),
            cancellationToken
        );
}
