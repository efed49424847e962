using Serverless.Core.Models;
using Serverless.Flows;
using Serverless.Server.Deployments;
using Serverless.Server.Schedules;
using CatchUpPolicy = Serverless.Flows.CatchUpPolicy;
using WireCatchUpPolicy = Serverless.Core.Models.CatchUpPolicy;

namespace Serverless.Functions.Hosting;

/// <summary>
/// What the app's code says about the deployments of its flows, for the server. A flow that does not declare a deployment named
/// <c>default</c> has one without schedules.
/// </summary>
internal static class DeploymentSpecs
{
    private const string Default = "default";

    /// <summary>The deployments of all flows.</summary>
    /// <exception cref="FlowRegistrationException">Schedules mean nothing: one line for each.</exception>
    public static IReadOnlyList<DeploymentSpec> Of(FlowRegistry flows)
    {
        List<DeploymentSpec> specs = [];
        List<string> problems = [];
        foreach (var flow in flows.Flows)
        {
            if (flow.Deployments.All(deployment => deployment.Name != Default))
            {
                specs.Add(Of(flow));
            }

            specs.AddRange(flow.Deployments.Select(deployment => Of(flow, deployment, problems)));
        }

        return problems.Count == 0 ? specs : throw new FlowRegistrationException(problems);
    }

    private static DeploymentSpec Of(FlowDefinition flow) =>
        new()
        {
            FlowName = flow.Name,
            Name = Default,
            ParameterSchemaJson = flow.ParameterSchemaJson,
            Entrypoint = flow.Key,
            Description = flow.Description,
            Version = flow.Version,
            Tags = flow.Tags,
        };

    private static DeploymentSpec Of(FlowDefinition flow, DeploymentDefinition deployment, List<string> problems)
    {
        List<DeploymentScheduleCreate> schedules = [];
        foreach (var schedule in deployment.Schedules)
        {
            try
            {
                schedules.Add(Of(schedule));
            }
            catch (ScheduleException wrong)
            {
                problems.AddRange(
                    wrong.Errors.Select(error =>
                        $"{flow} ({flow.Key}), deployment '{deployment.Name}': schedule '{schedule.Slug}': {error.Reason}."
                    )
                );
            }
        }

        return Of(flow) with
        {
            Name = deployment.Name,
            Description = deployment.Description,
            Version = deployment.Version,
            Tags = deployment.Tags,
            Parameters = deployment.Parameters,
            ConcurrencyLimit = deployment.ConcurrencyLimit,
            ConcurrencyOptions = deployment.ConcurrencyLimit is null ? null : OptionsOf(deployment),
            Paused = deployment.IsPaused,
            Schedules = schedules,
        };
    }

    private static DeploymentScheduleCreate Of(ScheduleDefinition schedule) =>
        new(schedule.IsActive)
        {
            Slug = schedule.Slug,
            Schedule = TimesOf(schedule).ToJson(),
            Parameters = schedule.Parameters,
            MaxScheduledRuns = schedule.MaxScheduledRuns,
            CatchUpPolicy = schedule.CatchUp switch
            {
                CatchUpPolicy.Default => null,
                CatchUpPolicy.Skip => WireCatchUpPolicy.Skip,
                CatchUpPolicy.Latest => WireCatchUpPolicy.Latest,
                _ => WireCatchUpPolicy.All,
            },
        };

    private static Schedule TimesOf(ScheduleDefinition schedule) =>
        schedule switch
        {
            CronDefinition cron => CronSchedule.Create(cron.Cron, cron.TimeZone, cron.DayOr),
            IntervalDefinition { Anchor: { } anchor } interval => IntervalSchedule.Create(interval.Interval, anchor, interval.TimeZone),
            IntervalDefinition interval => IntervalSchedule.FromMidnight(interval.Interval, interval.TimeZone),
            RRuleDefinition rrule => RRuleSchedule.Create(rrule.RRule, rrule.TimeZone ?? "UTC"),
            _ => throw new NotSupportedException(schedule.GetType().Name),
        };

    private static ConcurrencyOptions OptionsOf(DeploymentDefinition deployment) =>
        new()
        {
            CollisionStrategy = deployment.CollisionStrategy switch
            {
                CollisionStrategy.CancelNew => ConcurrencyLimitStrategy.CancelNew,
                CollisionStrategy.CancelRunning => ConcurrencyLimitStrategy.CancelRunning,
                _ => ConcurrencyLimitStrategy.Enqueue,
            },
            GracePeriodSeconds = deployment.GracePeriod is { } grace ? (int)grace.TotalSeconds : null,
        };
}
