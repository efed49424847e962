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
    public static FlowRun Draft(Deployment deployment, DeploymentSchedule schedule, int revision, DateTimeOffset time)
    {
        var parameters = schedule.Parameters.Count == 0 ? deployment.Parameters : Merge(deployment.Parameters, schedule.Parameters);
        return new FlowRun
        {
            Id = IdOf(schedule.Id, revision, time),
            Name = "",
            FlowId = deployment.FlowId,
            DeploymentId = deployment.Id,
            DeploymentVersion = deployment.Version,
            Parameters = CheckedHydration.Hydrate(parameters),
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
                DisplayValue = schedule.Slug ?? Schedule.Parse(schedule.Schedule, time).GetType().Name,
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

    /// <summary>
    /// Why a wanted run that begins now is passed over, by the catch-up policy of its schedule; null when it begins. A run that was created
    /// after its time was asked for then.
    /// </summary>
    public static string? WhyPassedOver(FlowRun run, Deployment deployment, DateTimeOffset now)
    {
        var time = run.ExpectedStartTime!.Value;
        var schedule = deployment.Schedules.First(each => each.Id == run.CreatedBy!.Id);
        if (now - time <= ScheduleFill.Grace || run.Created > time)
        {
            return null;
        }

        var isLatest = schedule.CatchupPolicy != CatchupPolicy.Latest || !HasTime(schedule, time.AddTicks(1), now);
        return schedule.CatchupPolicy switch
        {
            CatchupPolicy.Skip => Reason("SKIP"),
            CatchupPolicy.Latest when !isLatest => Reason("LATEST"),
            _ => null,
        };

        string Reason(string policy) =>
            string.Create(
                CultureInfo.InvariantCulture,
                $"The run was to start at {time.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC and could not; "
                    + $"the schedule's catch-up policy {policy} passes it over."
            );
    }

    private static bool HasTime(DeploymentSchedule schedule, DateTimeOffset from, DateTimeOffset until) =>
        Schedule.Parse(schedule.Schedule, until).Occurrences(from).TakeWhile(time => time <= until).Any();

    private static Guid IdOf(Guid scheduleId, int revision, DateTimeOffset time) =>
        StableIds.From(scheduleId, string.Create(CultureInfo.InvariantCulture, $"{revision}|{time.UtcTicks}"));

    private static Dictionary<string, JsonElement> Merge(
        IReadOnlyDictionary<string, JsonElement> defaults,
        IReadOnlyDictionary<string, JsonElement> given
    )
    {
        Dictionary<string, JsonElement> merged = new(defaults);
        foreach (var (name, value) in given)
        {
            merged[name] = value;
        }

        return merged;
    }
}
