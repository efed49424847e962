using Microsoft.Azure.Functions.Worker;
using Serverless.Functions.Services;
using Serverless.Server.Retention;
using Serverless.Server.Services;

namespace Serverless.Functions.Storage;

/// <summary>Deletes runs, logs and artifacts that are older than they are to be kept.</summary>
/// <param name="services">Remembers how the run went.</param>
/// <param name="sweep">Finds and deletes them.</param>
public sealed class ApplyRetention(ServiceRuns services, RetentionSweep sweep)
{
    /// <summary>The timer trigger: bounded work, which the next run continues.</summary>
    [Function(nameof(ApplyRetention))]
    public Task RunAsync([TimerTrigger("%RetentionSchedule%")] TimerInfo timer, CancellationToken cancellationToken) =>
        services.RunAsync(
            nameof(ApplyRetention),
            timer,
            async token =>
                await sweep.RunAsync(token) is (> 0, _) and var (count, text) ? new ServiceOutcome(count, text) : ServiceOutcome.Nothing,
            cancellationToken
        );
}
