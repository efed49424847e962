using Serverless.Core.Filters;
using Serverless.Server.Queries;
using Serverless.Storage.Columns;

namespace Serverless.Server.Artifacts;

/// <summary>The columns of collections, which hold what <see cref="ArtifactColumns"/> do for the latest artifact of each key.</summary>
internal static class ArtifactCollectionColumns
{
    /// <summary>The table.</summary>
    public static readonly ColumnTable Table;

    private static readonly Column LatestId;
    private static readonly Column Key;
    private static readonly Column FlowRunId;
    private static readonly Column TaskRunId;
    private static readonly Column Type;
    private static readonly Column Since;
    private static readonly Column Updated;

    static ArtifactCollectionColumns()
    {
        List<Column> located = [];
        Table = new("artifactcollections", static (_, values) => ArtifactKeys.Artifact((Guid)values[0]!)) { LocatedBy = located };
        LatestId = Table.Add("latest_id", ColumnType.Id);
        Key = Table.Add("artifact_key", ColumnType.Text);
        FlowRunId = Table.Add("flow_run_id", ColumnType.Id);
        TaskRunId = Table.Add("task_run_id", ColumnType.Id);
        Type = Table.Add("type", ColumnType.Text);
        Since = Table.Add("since", ColumnType.Time);
        Updated = Table.Add("updated", ColumnType.Time);
        located.Add(LatestId);
        Table.AddIndex(Key);
        Table.AddIndex(Since);
        Table.AddIndex(Updated);
        Table.AddSparseIndex(FlowRunId);
        Table.AddSparseIndex(TaskRunId);
    }

    /// <summary>What the filters of a query ask.</summary>
    public static Criterion Of(ArtifactCollectionQuery query) =>
        (query.Artifacts is { } artifacts ? Of(artifacts) : Criterion.Everything).And(ArtifactColumns.OfRuns(query, FlowRunId, TaskRunId));

    /// <summary>The order of a list.</summary>
    public static ColumnOrder Of(ArtifactSort sort) =>
        sort switch
        {
            ArtifactSort.IdDesc => new(null, Descending: true),
            ArtifactSort.CreatedDesc => new(Since, Descending: true),
            ArtifactSort.UpdatedDesc => new(Updated, Descending: true),
            ArtifactSort.KeyDesc => new(Key, Descending: true),
            ArtifactSort.KeyAsc => new(Key, Descending: false),
            _ => throw new ArgumentOutOfRangeException(nameof(sort), sort, "The sort order is unknown."),
        };

    private static Criterion Of(ArtifactCollectionFilter filter) =>
        FilterCriteria.Of(
            filter.Operator,
            filter.LatestId is { } latest ? FilterCriteria.Of(latest, LatestId) : null,
            filter.Key is { } key ? FilterCriteria.Of(key, Key) : null,
            filter.FlowRunId is { } flowRun ? FilterCriteria.Of(flowRun, FlowRunId) : null,
            filter.TaskRunId is { } taskRun ? FilterCriteria.Of(taskRun, TaskRunId) : null,
            filter.Type is { } type ? FilterCriteria.Of(type, Type) : null
        );
}
