using System.Globalization;
using System.Text.Json;

namespace Serverless.Flows;

/// <summary>Reads what a <see cref="DeploymentAttribute"/> says.</summary>
internal static class AttributeReader
{
    internal static DeploymentDraft Read(DeploymentAttribute attribute)
    {
        DeploymentDraft draft = new()
        {
            Name = attribute.Name,
            Description = attribute.Description,
            Version = attribute.Version,
            ConcurrencyLimit = attribute.Limit,
            CollisionStrategy = attribute.Strategy,
            IsPaused = attribute.Paused,
        };
        draft.Tags.AddRange(attribute.Tags ?? []);
        if (attribute.Parameters is { } json)
        {
            try
            {
                draft.Parameters = JsonElement.Parse(json);
            }
            catch (JsonException wrong)
            {
                draft.Problems.Add($"Parameters is not JSON: {wrong.Message.TrimEnd('.')}");
            }
        }

        switch (Timings(attribute, draft.Problems))
        {
            case []:
                draft.Problems.AddRange(WithoutSchedule(attribute));
                break;
            case [var timing]:
                draft.Schedules.Add(
                    new ScheduleDraft(timing)
                    {
                        Slug = attribute.Slug,
                        CatchUp = attribute.CatchUp,
                        MaxScheduledRuns = attribute.MaxScheduledRuns == 0 ? null : attribute.MaxScheduledRuns,
                    }
                );
                break;
            case var several:
                draft.Problems.Add(
                    $"it has {several.Count} schedules ({string.Join(", ", several.Select(timing => timing.Kind))}); an attribute takes "
                        + "one, WithDeployment takes several"
                );
                break;
        }

        return draft;
    }

    private static List<ScheduleDefinition> Timings(DeploymentAttribute attribute, List<string> problems)
    {
        List<ScheduleDefinition> timings = [];
        if (attribute.Cron is { } cron)
        {
            timings.Add(new CronDefinition(cron) { TimeZone = attribute.TimeZone });
        }

        if (attribute.Interval is { } seconds)
        {
            timings.Add(
                new IntervalDefinition(IntervalOf(seconds, problems))
                {
                    TimeZone = attribute.TimeZone,
                    Anchor = AnchorOf(attribute, problems),
                }
            );
        }
        else if (attribute.AnchorDate is not null)
        {
            problems.Add("AnchorDate is for IntervalSeconds, which is not set");
        }

        if (attribute.RRule is { } rrule)
        {
            timings.Add(new RRuleDefinition(rrule) { TimeZone = attribute.TimeZone });
        }

        return timings;
    }

    /// <summary>The interval; one that is wrong is told here, and goes on as one that is not.</summary>
    private static TimeSpan IntervalOf(double seconds, List<string> problems)
    {
        if (seconds >= DeploymentChecks.ShortestInterval.TotalSeconds && seconds < TimeSpan.MaxValue.TotalSeconds)
        {
            return TimeSpan.FromSeconds(seconds);
        }

        problems.Add(
            string.Create(
                CultureInfo.InvariantCulture,
                $"IntervalSeconds is {seconds}; it must be {DeploymentChecks.ShortestInterval.TotalSeconds} or more"
            )
        );
        return DeploymentChecks.ShortestInterval;
    }

    private static DateTimeOffset? AnchorOf(DeploymentAttribute attribute, List<string> problems)
    {
        if (attribute.AnchorDate is not { } text)
        {
            return null;
        }

        // Without an offset it would depend on the zone of the machine that starts the app.
        try
        {
            var anchor = JsonSerializer.SerializeToElement(text, FlowJson.Options).GetDateTimeOffset();
            if (text.EndsWith('Z') || (text.Length > 6 && text[^6] is '+' or '-'))
            {
                return anchor;
            }
        }
        catch (FormatException)
        {
            // Told below.
        }

        problems.Add($"AnchorDate is '{text}'; it must be a time in ISO 8601 with an offset, such as 2020-01-01T09:00:00+01:00");
        return null;
    }

    private static IEnumerable<string> WithoutSchedule(DeploymentAttribute attribute)
    {
        string?[] set =
        [
            attribute.TimeZone is null ? null : nameof(attribute.TimeZone),
            attribute.Slug is null ? null : nameof(attribute.Slug),
            attribute.CatchUp == CatchUpPolicy.Default ? null : nameof(attribute.CatchUp),
            attribute.MaxScheduledRuns == 0 ? null : nameof(attribute.MaxScheduledRuns),
        ];
        return set.OfType<string>().Select(member => $"{member} is for a schedule: set Cron, IntervalSeconds or RRule too");
    }
}
