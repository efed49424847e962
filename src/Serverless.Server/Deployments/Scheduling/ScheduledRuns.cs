using System.Globalization;
using System.Text.Json;
using Serverless.Core.Ids;
using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Server.Runs;
using Serverless.Server.Schedules;

namespace Serverless.Server.Deployments.Scheduling;

/// <summary>The runs that schedules create: what they are, and whether one still has to be.</summary>
internal static class ScheduledRuns
{
    /// <summary>The tag of runs that a schedule created, as in Prefect.</summary>
    public const string Tag = "auto-scheduled";

    /// <summary>The message of their first state, as in Prefect.</summary>
    public const string Message = "Flow run scheduled";

    /// <summary>The run of a schedule at one time.</summary>
    /// <param name="deployment">The deployment.</param>
    /// <param name="schedule">The schedule.</param>
    /// <param name="parameters">The run's parameters, with their values made.</param>
    /// <param name="revision">Which form of the schedule it is.</param>
    /// <param name="time">The time.</param>
    public static FlowRun Draft(
        Deployment deployment,
        DeploymentSchedule schedule,
        IReadOnlyDictionary<string, JsonElement> parameters,
        int revision,
        DateTimeOffset time
    )
    {
        return new FlowRun
        {
            Id = IdOf(schedule.Id, revision, time),
            Name = "",
            FlowId = deployment.FlowId,
            DeploymentId = deployment.Id,
            DeploymentVersion = deployment.Version,
            Parameters = parameters,
            InfrastructureDocumentId = deployment.InfrastructureDocumentId,
            Tags = [Tag, .. deployment.Tags.Where(tag => tag != Tag)],
            Labels = RunLabels.For(deployment, null),
            IdempotencyKey = string.Create(
                CultureInfo.InvariantCulture,
                $"scheduled {deployment.Id} {schedule.Id} {time.UtcDateTime:yyyy-MM-dd HH:mm:ss.FFFFFF}+00:00"
            ),
            WorkQueueName = deployment.WorkQueueName,
            WorkQueueId = deployment.WorkQueueId,
            WorkPoolName = deployment.WorkPoolName,
            JobVariables = JsonObjects.Empty,
            AutoScheduled = true,
            CreatedBy = new CreatedBy
            {
                Id = schedule.Id,
                Type = "SCHEDULE",
                DisplayValue = schedule.Slug ?? Schedule.KindOf(schedule.Schedule),
            },
        };
    }

    /// <summary>The first state of the run.</summary>
    public static ProposedState StateAt(DateTimeOffset time) => ProposedStates.Scheduled(time, Message);

    /// <summary>Whether a run was created by a schedule and has done nothing yet.</summary>
    public static bool IsUntouched(FlowRun run) =>
        run is { AutoScheduled: true, RunCount: 0, StateType: StateType.Scheduled, CreatedBy.Id: not null, ExpectedStartTime: not null }
        && run.StateName != StateNames.AwaitingConcurrencySlot;

    /// <summary>
    /// Whether an untouched run is one that the deployment still wants: its schedule is there and active, and has not been changed between
    /// the creation of the run and its time.
    /// </summary>
    public static bool IsWanted(FlowRun run, StoredDeployment? stored)
    {
        if (
            stored is not { Deployment: { Paused: false } deployment, Plan: var plan }
            || run is not { CreatedBy.Id: { } scheduleId, ExpectedStartTime: { } time }
            || deployment.Schedules.FirstOrDefault(each => each.Id == scheduleId) is not { Active: true }
            || plan.Of(scheduleId) is not { } scheduled
        )
        {
            return false;
        }

        for (var back = 0; back < scheduled.Began.Count; back++)
        {
            var revision = scheduled.Revision - back;
            if (IdOf(scheduleId, revision, time) == run.Id)
            {
                return scheduled.EndOf(revision) is not { } end || time <= end;
            }
        }

        return false;
    }

    /// <summary>What becomes of an untouched run that is to begin now.</summary>
    public static ScheduledRunVerdict Judge(FlowRun run, StoredDeployment? stored, DateTimeOffset now) =>
        !IsWanted(run, stored) ? new ScheduledRunVerdict.Outdated()
        : PassesOver(run, stored!.Deployment, now) is { } policy
            ? new ScheduledRunVerdict.PassedOver(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The run could not start at its time, {run.ExpectedStartTime!.Value.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC. "
                        + $"The catch-up policy {policy} of its schedule skips it."
                )
            )
        : new ScheduledRunVerdict.Begins();

    /// <summary>
    /// The catch-up policy by which a late run is skipped; null when it begins. A run that was created after its time was asked for then.
    /// </summary>
    private static string? PassesOver(FlowRun run, Deployment deployment, DateTimeOffset now)
    {
        var time = run.ExpectedStartTime!.Value;
        if (now - time <= ScheduleFill.Grace || run.Created > time)
        {
            return null;
        }

        var schedule = deployment.Schedules.First(each => each.Id == run.CreatedBy!.Id);
        return schedule.CatchUpPolicy switch
        {
            CatchUpPolicy.Skip => "SKIP",
            CatchUpPolicy.Latest when HasTime(schedule, time.AddTicks(1), now) => "LATEST",
            _ => null,
        };
    }

    private static bool HasTime(DeploymentSchedule schedule, DateTimeOffset from, DateTimeOffset until) =>
        Schedule.Parse(schedule.Schedule, until).Occurrences(from).TakeWhile(time => time <= until).Any();

    private static Guid IdOf(Guid scheduleId, int revision, DateTimeOffset time) =>
        StableIds.At(time, scheduleId, string.Create(CultureInfo.InvariantCulture, $"{revision}|{time.UtcTicks}"));
}
