using System.Net;
using System.Text.Json;
using Serverless.Core.Ids;
using Serverless.Core.Models;
using Serverless.Server.Schedules;

namespace Serverless.Server.Deployments;

/// <summary>
/// The schedules of a deployment after a request. A schedule that stays what it was keeps its id, so that its runs stay too. The API has
/// checked the schedules before.
/// </summary>
/// <param name="deployment">The deployment as it is.</param>
/// <param name="ids">Ids of new schedules.</param>
/// <param name="now">When the request is carried out.</param>
internal sealed class ScheduleChanges(Deployment deployment, IIdGenerator ids, DateTimeOffset now)
{
    /// <summary>The most schedules that a deployment has.</summary>
    public const int Most = 100;

    private IReadOnlyList<DeploymentSchedule> Existing => deployment.Schedules;

    /// <summary>Exactly the given schedules.</summary>
    /// <exception cref="RequestConflictException">Two have one slug.</exception>
    public IReadOnlyList<DeploymentSchedule> ReplaceAll(IReadOnlyList<DeploymentScheduleCreate> given)
    {
        List<DeploymentSchedule> left = [.. Existing];
        List<DeploymentSchedule> result = [];
        foreach (var create in given)
        {
            var was = left.Find(each => IsSame(each, create));
            if (was is not null)
            {
                left.Remove(was);
            }

            result.Add(Make(create, was));
        }

        return Checked(result);
    }

    /// <summary>The schedules with further ones, which come last.</summary>
    /// <exception cref="RequestConflictException">Two have one slug.</exception>
    public IReadOnlyList<DeploymentSchedule> Add(IReadOnlyList<DeploymentScheduleCreate> given) =>
        Checked([.. Existing, .. given.Select(create => Make(create, null))]);

    /// <summary>The schedules with one of them changed; null when it is not there.</summary>
    /// <exception cref="RequestConflictException">Two have one slug.</exception>
    public IReadOnlyList<DeploymentSchedule>? Change(Guid scheduleId, DeploymentScheduleUpdate update) =>
        Existing.Any(each => each.Id == scheduleId)
            ? Checked([.. Existing.Select(each => each.Id == scheduleId ? Apply(each, update) : each)])
            : null;

    /// <summary>The schedules without one of them; null when it is not there.</summary>
    public IReadOnlyList<DeploymentSchedule>? Remove(Guid scheduleId) =>
        Existing.Any(each => each.Id == scheduleId) ? [.. Existing.Where(each => each.Id != scheduleId)] : null;

    /// <summary>
    /// The schedules after a change of the deployment. If all that there are have slugs, the given ones change those of their slugs or are
    /// added, and no other is removed; otherwise the given ones take the place of all (Prefect's rule).
    /// </summary>
    /// <exception cref="RequestRefusedException">
    /// A schedule has no slug or no times, or replaces a schedule that another one replaces.
    /// </exception>
    /// <exception cref="RequestConflictException">Two have one slug.</exception>
    public IReadOnlyList<DeploymentSchedule> Patch(IReadOnlyList<DeploymentScheduleUpdate> given)
    {
        if (Existing.Count == 0 || Existing.Any(each => each.Slug is null))
        {
            return ReplaceAll([.. given.Where(each => each.Schedule is not null).Select(CreateOf)]);
        }

        if (given.Any(each => each.Slug is null))
        {
            throw Refused("Please provide a slug for each schedule in your request to ensure schedules are updated correctly.");
        }

        var replaced = given.Select(each => each.Replaces).OfType<string>().ToHashSet(StringComparer.Ordinal);
        foreach (var each in given.Where(each => each.Replaces is not null))
        {
            if (given.Count(other => other.Replaces == each.Replaces) > 1)
            {
                throw Refused($"Multiple schedules have 'replaces' targeting the same slug: {each.Replaces}");
            }

            if (Find(each.Slug) is not null && !replaced.Contains(each.Slug!))
            {
                throw Refused(
                    $"Cannot rename schedule from '{each.Replaces}' to '{each.Slug}': a schedule with slug '{each.Slug}' already exists."
                );
            }
        }

        var result = Existing.ToDictionary(each => each.Id);
        List<DeploymentSchedule> added = [];
        foreach (var each in given)
        {
            if (Find(each.Replaces ?? each.Slug) is { } was)
            {
                result[was.Id] = Apply(result[was.Id], each);
            }
            else if (each.Schedule is not null)
            {
                added.Add(Make(CreateOf(each), null));
            }
            else
            {
                throw Refused("Unable to create new deployment schedules without a schedule configuration.");
            }
        }

        return Checked([.. Existing.Select(each => result[each.Id]), .. added]);
    }

    private DeploymentSchedule? Find(string? slug) => Existing.FirstOrDefault(each => each.Slug == slug);

    private static RequestRefusedException Refused(string detail) => new(HttpStatusCode.UnprocessableContent, detail);

    private static DeploymentScheduleCreate CreateOf(DeploymentScheduleUpdate update) =>
        new(update.Active ?? true)
        {
            Schedule = update.Schedule!.Value,
            MaxScheduledRuns = update.MaxScheduledRuns,
            Parameters = update.Parameters ?? JsonObjects.Empty,
            Slug = update.Slug,
            CatchUpPolicy = update.CatchUpPolicy,
        };

    /// <summary>Whether a schedule is the one that is given again: by its slug, or without one by its times.</summary>
    private bool IsSame(DeploymentSchedule existing, DeploymentScheduleCreate given) =>
        existing.Slug == given.Slug
        && (given.Slug is not null || JsonElement.DeepEquals(existing.Schedule, TimesOf(given.Schedule, existing)));

    private DeploymentSchedule Make(DeploymentScheduleCreate given, DeploymentSchedule? was) =>
        Changed(
            was,
            new DeploymentSchedule(given.Active)
            {
                Id = was?.Id ?? ids.NewId(),
                Created = was?.Created ?? now,
                Updated = now,
                DeploymentId = deployment.Id,
                Schedule = TimesOf(given.Schedule, was),
                MaxScheduledRuns = given.MaxScheduledRuns,
                Parameters = given.Parameters,
                Slug = given.Slug,
                CatchUpPolicy = given.CatchUpPolicy,
            }
        );

    private DeploymentSchedule Apply(DeploymentSchedule was, DeploymentScheduleUpdate update) =>
        Changed(
            was,
            was with
            {
                Updated = now,
                Active = update.Active ?? was.Active,
                Schedule = update.Schedule is { } times ? TimesOf(times, was) : was.Schedule,
                MaxScheduledRuns = update.MaxScheduledRuns ?? was.MaxScheduledRuns,
                Parameters = update.Parameters ?? was.Parameters,
                Slug = update.Slug ?? was.Slug,
                CatchUpPolicy = update.CatchUpPolicy ?? was.CatchUpPolicy,
            }
        );

    /// <summary>The schedule as it was if nothing is different.</summary>
    private static DeploymentSchedule Changed(DeploymentSchedule? was, DeploymentSchedule changed) =>
        was is not null
        && was.Active == changed.Active
        && was.CatchUpPolicy == changed.CatchUpPolicy
        && Scheduling.RunContents.AreSame(was, changed)
            ? was
            : changed;

    /// <summary>
    /// A schedule in the form in which it is kept. An interval that is given without an anchor keeps the anchor that it has: otherwise its
    /// times would move with each deployment.
    /// </summary>
    private JsonElement TimesOf(JsonElement given, DeploymentSchedule? was)
    {
        var times = Schedule.Parse(given, now);
        return
            times is IntervalSchedule interval
            && !given.TryGetProperty("anchor_date", out _)
            && was is not null
            && Schedule.Parse(was.Schedule, now) is IntervalSchedule before
            && before.Interval == interval.Interval
            && before.TimeZone == interval.TimeZone
            ? was.Schedule
            : times.ToJson();
    }

    private static List<DeploymentSchedule> Checked(List<DeploymentSchedule> schedules)
    {
        if (schedules.Count > Most)
        {
            throw Refused($"A deployment has at most {Most} schedules.");
        }

        return schedules.Where(each => each.Slug is not null).GroupBy(each => each.Slug).Any(slugs => slugs.Count() > 1)
            ? throw new RequestConflictException("Schedule slugs must be unique within a deployment.")
            : schedules;
    }
}
