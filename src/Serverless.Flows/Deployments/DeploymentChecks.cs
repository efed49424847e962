using System.Globalization;
using System.Text.Json;
using Serverless.Core.Models;
using Serverless.Core.Validation;

namespace Serverless.Flows;

/// <summary>Makes a deployment's definition of what was said, or tells all that is wrong with it.</summary>
internal sealed class DeploymentChecks
{
    /// <summary>As many as the server takes from clients.</summary>
    private const int MostSchedules = 100;

    private readonly FlowDefinition _flow;
    private readonly DeploymentDraft _draft;
    private readonly List<string> _problems;

    private DeploymentChecks(FlowDefinition flow, DeploymentDraft draft)
    {
        _flow = flow;
        _draft = draft;
        _problems = [.. draft.Problems];
    }

    /// <summary>The shortest interval; a shorter one could not be told from none on the wire.</summary>
    internal static TimeSpan ShortestInterval { get; } = TimeSpan.FromMilliseconds(1);

    /// <summary>The definition.</summary>
    /// <exception cref="FlowRegistrationException">It cannot work; names the flow, the deployment and every problem.</exception>
    internal static DeploymentDefinition Check(FlowDefinition flow, DeploymentDraft draft) => new DeploymentChecks(flow, draft).Check();

    /// <summary>A problem of a deployment in words.</summary>
    internal static string Problem(FlowDefinition flow, string? deployment, string text) =>
        $"{flow.Target} ({flow.Key}), deployment '{deployment}': {text}.";

    private DeploymentDefinition Check()
    {
        CheckName();
        CheckLimit();
        var tags = _flow.Tags.Concat(_draft.Tags).Distinct(StringComparer.Ordinal).ToList();
        if (tags.Count > WireLimits.Tags)
        {
            _problems.Add($"it has {tags.Count} tags with those of the flow; {WireLimits.Tags} are possible");
        }

        var parameters = _draft.Parameters is { } given ? ReadParameters(given, "") : null;
        var schedules = Schedules(parameters ?? JsonObjects.Empty);
        if (_problems.Count > 0)
        {
            throw new FlowRegistrationException([.. _problems.Select(text => Problem(_flow, _draft.Name, text))]);
        }

        return new DeploymentDefinition(_draft.Name!)
        {
            Description = _draft.Description ?? _flow.Description,
            Version = _draft.Version ?? _flow.Version,
            Tags = tags,
            Parameters = parameters,
            ConcurrencyLimit = _draft.ConcurrencyLimit,
            CollisionStrategy = _draft.CollisionStrategy ?? CollisionStrategy.Enqueue,
            GracePeriod = _draft.GracePeriod,
            IsPaused = _draft.IsPaused,
            Schedules = schedules,
        };
    }

    private void CheckName()
    {
        if (string.IsNullOrWhiteSpace(_draft.Name))
        {
            _problems.Add("it has no name");
        }
        else if (!new WireNameAttribute().IsValid(_draft.Name))
        {
            _problems.Add("a deployment's name must not contain / % & > <");
        }
    }

    private void CheckLimit()
    {
        switch (_draft)
        {
            case { ConcurrencyLimit: < 1 }:
                _problems.Add(
                    $"the concurrency limit is {_draft.ConcurrencyLimit}; it must be 1 or more (a paused deployment creates no runs)"
                );
                break;
            case { ConcurrencyLimit: null, CollisionStrategy: not null }:
                _problems.Add("CollisionStrategy is for a ConcurrencyLimit, which is not set");
                break;
        }

        if (_draft.GracePeriod?.TotalSeconds is < WireLimits.ShortestLease or > WireLimits.LongestLease)
        {
            _problems.Add($"the grace period is {_draft.GracePeriod}; it must be a minute to a day");
        }
    }

    private List<ScheduleDefinition> Schedules(IReadOnlyDictionary<string, JsonElement> parameters)
    {
        if (_draft.Schedules.Count > MostSchedules)
        {
            _problems.Add($"it has {_draft.Schedules.Count} schedules; {MostSchedules} are possible");
        }

        var named = _draft.Schedules.Select(schedule => schedule.Slug).OfType<string>().ToList();
        foreach (var twice in named.GroupBy(slug => slug, StringComparer.Ordinal).Where(group => group.Count() > 1))
        {
            _problems.Add($"{twice.Count()} schedules have the slug '{twice.Key}'");
        }

        HashSet<string> taken = new(named, StringComparer.Ordinal);
        return [.. _draft.Schedules.Select(schedule => Check(schedule, taken, parameters))];
    }

    private ScheduleDefinition Check(ScheduleDraft draft, HashSet<string> taken, IReadOnlyDictionary<string, JsonElement> parameters)
    {
        var slug = draft.Slug ?? FreeSlug(draft.Timing.Kind, taken);
        var name = $"schedule '{slug}': ";
        if (string.IsNullOrWhiteSpace(slug))
        {
            _problems.Add($"{name}a slug must not be empty");
        }

        if (draft.Timing is IntervalDefinition { Interval: var interval } && interval < ShortestInterval)
        {
            _problems.Add($"{name}the interval is {interval}; it must be a millisecond or more");
        }

        if (draft.MaxScheduledRuns < 1)
        {
            _problems.Add(
                string.Create(CultureInfo.InvariantCulture, $"{name}at most {draft.MaxScheduledRuns} runs; it must be 1 or more")
            );
        }

        var own = draft.Parameters is { } given ? ReadParameters(given, name) : JsonObjects.Empty;
        CheckRuns(name, parameters, own);
        return draft.Timing with
        {
            Slug = slug,
            Parameters = own,
            MaxScheduledRuns = draft.MaxScheduledRuns,
            CatchUp = draft.CatchUp ?? _draft.CatchUp,
            IsActive = draft.IsActive,
        };
    }

    private static string FreeSlug(string kind, HashSet<string> taken)
    {
        var slug = kind;
        for (var number = 2; !taken.Add(slug); number++)
        {
            slug = string.Create(CultureInfo.InvariantCulture, $"{kind}-{number}");
        }

        return slug;
    }

    /// <summary>The parameters by their names on the wire; those that are not given are the run's business.</summary>
    private IReadOnlyDictionary<string, JsonElement> ReadParameters(JsonElement given, string name)
    {
        List<ParameterError> errors = [];
        var read = _flow.Callable.Binder.ReadGiven(given, errors);
        _problems.AddRange(errors.Select(error => $"{name}parameter {error.Message}"));
        return read;
    }

    /// <summary>Nobody is there to give a scheduled run what it lacks.</summary>
    private void CheckRuns(string name, IReadOnlyDictionary<string, JsonElement> parameters, IReadOnlyDictionary<string, JsonElement> own)
    {
        if (_problems.Count > 0)
        {
            return;
        }

        Dictionary<string, JsonElement> all = new(parameters, StringComparer.Ordinal);
        foreach (var (parameter, value) in own)
        {
            all[parameter] = value;
        }

        _problems.AddRange(
            _flow
                .ValidateParameters(JsonSerializer.Serialize(all, FlowJson.Options))
                .Select(error => $"{name}its runs lack parameter {error.Message}")
        );
    }
}
