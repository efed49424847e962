using System.Text.Json;
using Serverless.Core.Ids;
using Serverless.Core.Models;

namespace Serverless.Server.Deployments;

/// <summary>
/// Makes a deployment be as its code says. What nobody changed stays the same object, so that a deployment that is as code says equals
/// the stored one.
/// </summary>
/// <param name="spec">What code says.</param>
/// <param name="flowId">The flow.</param>
/// <param name="schema">The schema of the parameters.</param>
/// <param name="ids">Ids of new schedules.</param>
/// <param name="now">When.</param>
internal sealed class SpecMerge(DeploymentSpec spec, Guid flowId, JsonElement schema, IIdGenerator ids, DateTimeOffset now)
{
    /// <summary>A new deployment.</summary>
    /// <param name="empty">The deployment with nothing but its name and flow.</param>
    public Deployment Create(Deployment empty) => Apply(empty with { Paused = spec.Paused }, DeclaredParts.None);

    /// <summary>A stored deployment with what code says. Whether it is paused, and its schedules are active, stays.</summary>
    /// <param name="stored">The deployment.</param>
    /// <param name="before">What code said when it was stored.</param>
    public Deployment Apply(Deployment stored, DeclaredParts before)
    {
        var merged = stored with
        {
            FlowId = flowId,
            ParameterOpenapiSchema = stored.ParameterOpenapiSchema is { } known && JsonElement.DeepEquals(known, schema) ? known : schema,
            Entrypoint = spec.Entrypoint,
            Description = spec.Description,
            Version = spec.Version,
            Tags = stored.Tags.SequenceEqual(spec.Tags, StringComparer.Ordinal) ? stored.Tags : spec.Tags,
            Status = DeploymentStatus.Ready,
            Parameters = Parameters(stored.Parameters, spec.Parameters ?? (before.Parameters ? JsonObjects.Empty : stored.Parameters)),
            ConcurrencyOptions =
                spec.ConcurrencyLimit is not null ? spec.ConcurrencyOptions
                : before.ConcurrencyLimit ? null
                : stored.ConcurrencyOptions,
            Schedules = Schedules(stored, before),
        };
        return merged == stored ? stored : merged with { Updated = now };
    }

    private static IReadOnlyDictionary<string, JsonElement> Parameters(
        IReadOnlyDictionary<string, JsonElement> stored,
        IReadOnlyDictionary<string, JsonElement> said
    ) =>
        stored.Count == said.Count
        && said.All(value => stored.TryGetValue(value.Key, out var known) && JsonElement.DeepEquals(known, value.Value))
            ? stored
            : said;

    private IReadOnlyList<DeploymentSchedule> Schedules(Deployment stored, DeclaredParts before)
    {
        List<DeploymentSchedule> result = [];
        foreach (var said in spec.Schedules)
        {
            result.Add(
                stored.Schedules.FirstOrDefault(each => each.Slug == said.Slug) is { } was ? Change(was, said) : Create(stored.Id, said)
            );
        }

        HashSet<string> codes = new(spec.Schedules.Select(each => each.Slug!).Concat(before.Slugs), StringComparer.Ordinal);
        result.AddRange(stored.Schedules.Where(each => each.Slug is null || !codes.Contains(each.Slug)));
        return result.SequenceEqual(stored.Schedules) ? stored.Schedules : result;
    }

    private DeploymentSchedule Change(DeploymentSchedule was, DeploymentScheduleCreate said)
    {
        var changed = was with
        {
            Schedule = JsonElement.DeepEquals(was.Schedule, said.Schedule) ? was.Schedule : said.Schedule,
            MaxScheduledRuns = said.MaxScheduledRuns,
            Parameters = Parameters(was.Parameters, said.Parameters),
            CatchUpPolicy = said.CatchUpPolicy,
        };
        return changed == was ? was : changed with { Updated = now };
    }

    private DeploymentSchedule Create(Guid deploymentId, DeploymentScheduleCreate said) =>
        new(said.Active)
        {
            Id = ids.NewId(),
            Created = now,
            Updated = now,
            DeploymentId = deploymentId,
            Schedule = said.Schedule,
            MaxScheduledRuns = said.MaxScheduledRuns,
            Parameters = said.Parameters,
            Slug = said.Slug,
            CatchUpPolicy = said.CatchUpPolicy,
        };
}
