using Microsoft.Extensions.DependencyInjection;
using Serverless.Functions.Concurrency;
using Serverless.Functions.Deployments;
using Serverless.Functions.FlowRuns;
using Serverless.Functions.Outbox;
using Serverless.Functions.Storage;
using Serverless.Server.Services;

namespace Serverless.Functions.Hosting;

/// <summary>The services that run at timers, and what each of them does.</summary>
internal static class ServiceCatalog
{
    public static IServiceCollection AddServices(this IServiceCollection services) =>
        services
            .AddService(nameof(SweepOutbox), "Starts runs, and tells orchestrations of changes, where the announcement was lost.")
            .AddService(nameof(SweepFlowRuns), "Starts missing orchestrations, and ends runs whose orchestration is gone.")
            .AddService(nameof(MarkLateRuns), "Marks runs Late that have not begun in time.")
            .AddService(nameof(FailExpiredPauses), "Fails paused runs of remote clients that nobody resumed in time.")
            .AddService(nameof(EndStuckRuns), "Ends runs of remote clients that were Cancelling or Pending for too long.")
            .AddService(nameof(EndZombieRuns), "Ends runs whose client has stopped sending heartbeats.")
            .AddService(nameof(SweepSlots), "Releases the slots of concurrency limits that no run holds, and hands out free ones.")
            .AddService(nameof(SweepHistories), "Purges the histories of orchestrations whose run ended more than an hour ago.")
            .AddService(nameof(ApplyRetention), "Deletes runs, logs and artifacts that are older than they are to be kept.")
            .AddService(nameof(ScheduleDeployments), "Creates the runs of schedules ahead of their time.")
            .AddService(nameof(SweepStorage), "Finishes commits that processes left unfinished when they died.");
}
