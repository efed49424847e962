using Microsoft.Azure.Functions.Worker;
using Serverless.Functions.Services;
using Serverless.Server.Deployments.Scheduling;
using Serverless.Server.Services;

namespace Serverless.Functions.Deployments;

/// <summary>Creates the runs of schedules ahead of their time.</summary>
/// <param name="services">Remembers how the run went.</param>
/// <param name="scheduler">The scheduler.</param>
public sealed class ScheduleDeployments(ServiceRuns services, DeploymentScheduler scheduler)
{
    /// <summary>The timer trigger: looks at the deployments that are due; the next run continues.</summary>
    [Function(nameof(ScheduleDeployments))]
    public Task RunAsync([TimerTrigger("%SchedulerSchedule%")] TimerInfo timer, CancellationToken cancellationToken) =>
        services.RunAsync(
            nameof(ScheduleDeployments),
            timer,
            async token => ServiceOutcome.Of(await scheduler.RunAsync(token), "created", "runs"),
            cancellationToken
        );
}
