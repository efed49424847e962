using Serverless.Core.Filters;
using Serverless.Core.Models;
using Serverless.Server.Tests.Runs;

namespace Serverless.Server.Tests.Artifacts;

/// <summary>Random queries for artifacts and collections, with values that some of the artifacts have.</summary>
internal sealed class AnyArtifactFilters(Random random, IReadOnlyList<Artifact> all, IReadOnlyList<TaskRun> taskRuns, AnyFilters runs)
    : AnyCriteria(random)
{
    public static readonly string[] Keys = ["a", "a-b", "b", new('c', 300)];
    public static readonly string[] Types = ["table", "markdown", "result"];

    public ArtifactQuery Artifacts() =>
        new()
        {
            Artifacts = Now(4)
                ? null
                : new ArtifactFilter
                {
                    Operator = One(Enum.GetValues<Operator>()),
                    Id = Now(5) ? Ids([.. all.Select(each => each.Id)]) : null,
                    Key = Now(3) ? Texts(Keys) : null,
                    FlowRunId = Now(3) ? Ids([.. all.Select(each => each.FlowRunId).OfType<Guid>()]) : null,
                    TaskRunId = Now(5) ? Ids([.. all.Select(each => each.TaskRunId).OfType<Guid>()]) : null,
                    Type = Now(3) ? Texts(Types) : null,
                },
            Flows = Now(6) ? runs.Flows() : null,
            FlowRuns = Now(6) ? runs.FlowRuns() : null,
            Deployments = Now(6) ? runs.Deployments() : null,
            TaskRuns = Now(6) ? TaskRuns() : null,
            Sort = One(Enum.GetValues<ArtifactSort>()),
            Limit = Number(3, 12),
        };

    public ArtifactCollectionQuery Collections() =>
        new()
        {
            Artifacts = Now(4)
                ? null
                : new ArtifactCollectionFilter
                {
                    Operator = One(Enum.GetValues<Operator>()),
                    LatestId = Now(5) ? Ids([.. all.Select(each => each.Id)]) : null,
                    Key = Now(3) ? Texts(Keys) : null,
                    FlowRunId = Now(3) ? Ids([.. all.Select(each => each.FlowRunId).OfType<Guid>()]) : null,
                    TaskRunId = Now(5) ? Ids([.. all.Select(each => each.TaskRunId).OfType<Guid>()]) : null,
                    Type = Now(3) ? Texts(Types) : null,
                },
            Flows = Now(6) ? runs.Flows() : null,
            FlowRuns = Now(6) ? runs.FlowRuns() : null,
            TaskRuns = Now(6) ? TaskRuns() : null,
            Sort = One(Enum.GetValues<ArtifactSort>()),
            Limit = Number(1, 4),
        };

    private TaskRunFilter TaskRuns() =>
        new()
        {
            Operator = One(Enum.GetValues<Operator>()),
            Id = Now(3) ? Ids([.. taskRuns.Select(run => run.Id)]) : null,
            Name = Now(2) ? Texts([.. taskRuns.Select(run => run.Name)]) : null,
            Tags = Now(4) ? Tags("none") : null,
        };
}
