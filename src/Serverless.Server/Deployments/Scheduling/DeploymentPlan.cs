using System.Text.Json;
using Serverless.Core.Models;

namespace Serverless.Server.Deployments.Scheduling;

/// <summary>What the scheduler keeps in a deployment's row: how far its schedules are planned, and when to look again.</summary>
internal sealed record DeploymentPlan
{
    /// <summary>
    /// For how long after a change runs of the earlier revision are looked for: whoever read the deployment before the change may still
    /// be creating them.
    /// </summary>
    public static readonly TimeSpan CleanFor = TimeSpan.FromMinutes(2);

    /// <summary>Of a deployment that never had a schedule.</summary>
    public static readonly DeploymentPlan Empty = new();

    /// <summary>
    /// Goes up whenever <see cref="Due"/> is written, so that each entry of the list of due deployments has a key of its own.
    /// </summary>
    public long Serial { get; init; }

    /// <summary>When the scheduler has to look at the deployment; null for never.</summary>
    public DateTimeOffset? Due { get; init; }

    /// <summary>Until when runs that are out of date are looked for; null when there are none.</summary>
    public DateTimeOffset? CleanUntil { get; init; }

    /// <summary>The plans of the schedules.</summary>
    public IReadOnlyList<SchedulePlan> Schedules
    {
        get;
        init => field = value ?? [];
    } = [];

    /// <summary>The plan of a schedule; null when there is none.</summary>
    public SchedulePlan? Of(Guid scheduleId) => Schedules.FirstOrDefault(plan => plan.ScheduleId == scheduleId);

    /// <summary>The plan after somebody changed the deployment.</summary>
    /// <param name="before">The deployment as it was.</param>
    /// <param name="after">The deployment as it will be.</param>
    /// <param name="now">When.</param>
    public DeploymentPlan After(Deployment before, Deployment after, DateTimeOffset now)
    {
        var changed = !RunContents.AreSame(before, after);
        var isStale = false;
        List<SchedulePlan> plans = [];
        foreach (var schedule in after.Schedules)
        {
            var was = before.Schedules.FirstOrDefault(each => each.Id == schedule.Id);
            if (was is null || Of(schedule.Id) is not { } plan)
            {
                plans.Add(SchedulePlan.New(schedule.Id, now));
                continue;
            }

            var ran = was.Active && !before.Paused;
            var runs = schedule.Active && !after.Paused;
            if (ran && (!runs || changed || !RunContents.AreSame(was, schedule)))
            {
                // Missed times are of the schedule as it was: other times, or those before a pause, are not made up for.
                plan = plan.Revise(now, keepsMissed: runs && JsonElement.DeepEquals(was.Schedule, schedule.Schedule));
                isStale = true;
            }
            else if (!ran && runs)
            {
                plan = plan with { Cursor = now };
            }

            plans.Add(plan);
        }

        isStale |= before.Schedules.Any(was => !after.Schedules.Any(schedule => schedule.Id == was.Id));
        if (!isStale && plans.SequenceEqual(Schedules) && before.Paused == after.Paused)
        {
            return this;
        }

        var isActive = !after.Paused && after.Schedules.Any(schedule => schedule.Active);
        return this with
        {
            Serial = Serial + 1,
            Due = isStale || isActive ? now : CleanUntil,
            CleanUntil = isStale ? now + CleanFor : CleanUntil,
            Schedules = plans,
        };
    }
}
