using Serverless.Core.Filters;
using Serverless.Server.Queries;
using Serverless.Server.Runs;
using Serverless.Storage.Columns;

namespace Serverless.Server.Artifacts;

/// <summary>The columns of artifacts. The store keeps those of collections by them.</summary>
internal static class ArtifactColumns
{
    /// <summary>The table.</summary>
    public static readonly ColumnTable Table = new("artifacts", static (id, _) => ArtifactKeys.Artifact(id));

    /// <summary>The collection; null for an artifact without a key.</summary>
    public static readonly Column CollectionId = Table.Add("collection_id", ColumnType.Id);

    /// <summary>The flow run that made it.</summary>
    public static readonly Column FlowRunId = Table.Add("flow_run_id", ColumnType.Id);

    /// <summary>When it was created.</summary>
    public static readonly Column Created = Table.Add("created", ColumnType.Time);

    private static readonly Column TaskRunId = Table.Add("task_run_id", ColumnType.Id);
    private static readonly Column Key = Table.Add("artifact_key", ColumnType.Text);
    private static readonly Column Type = Table.Add("type", ColumnType.Text);
    private static readonly Column Updated = Table.Add("updated", ColumnType.Time);
    private static readonly Column Since = Table.Add("since", ColumnType.Time);

    static ArtifactColumns()
    {
        Table.AddIndex(Created);
        Table.AddIndex(Updated);
        Table.AddIndex(Key);
        Table.AddSparseIndex(Type);
        Table.AddSparseIndex(FlowRunId, Created);
        Table.AddSparseIndex(TaskRunId);
        Table.AddLatest(new ColumnLatest(ArtifactCollectionColumns.Table, CollectionId, Created));
    }

    /// <summary>The change that makes the columns hold an artifact that is another from now on; null for none.</summary>
    public static ColumnChange Change(StoredArtifact? before, StoredArtifact? after) =>
        new(Table, (after ?? before)!.Id, before is null ? null : ValuesOf(before), after is null ? null : ValuesOf(after));

    /// <summary>What the filters of a query ask.</summary>
    public static Criterion Of(ArtifactQuery query) =>
        (query.Artifacts is { } artifacts ? Of(artifacts) : Criterion.Everything).And(OfRuns(query, FlowRunId, TaskRunId));

    /// <summary>What filters on the flow run and the task run that made an artifact ask.</summary>
    public static Criterion OfRuns(RunFilters filters, Column flowRunId, Column taskRunId)
    {
        var criterion = filters.TaskRuns is { } taskRuns
            ? new Criterion.Refers(taskRunId, TaskRunColumns.Table, TaskRunColumns.Of(new TaskRunQuery { TaskRuns = taskRuns }))
            : Criterion.Everything;
        return filters is { Flows: null, FlowRuns: null, Deployments: null } ? criterion
            : RelatedFilters.AskForWorkPools(filters) ? Criterion.Nothing
            : criterion.And(new Criterion.Refers(flowRunId, FlowRunColumns.Table, FlowRunColumns.OfFlowRuns(filters)));
    }

    /// <summary>The order of a list.</summary>
    public static ColumnOrder Of(ArtifactSort sort) =>
        sort switch
        {
            ArtifactSort.IdDesc => new(null, Descending: true),
            ArtifactSort.CreatedDesc => new(Created, Descending: true),
            ArtifactSort.UpdatedDesc => new(Updated, Descending: true),
            ArtifactSort.KeyDesc => new(Key, Descending: true),
            ArtifactSort.KeyAsc => new(Key, Descending: false),
            _ => throw new ArgumentOutOfRangeException(nameof(sort), sort, "The sort order is unknown."),
        };

    private static Criterion Of(ArtifactFilter filter) =>
        FilterCriteria.Of(
            filter.Operator,
            filter.Id is { } id ? FilterCriteria.OfKey(id) : null,
            filter.Key is { } key ? FilterCriteria.Of(key, Key) : null,
            filter.FlowRunId is { } flowRun ? FilterCriteria.Of(flowRun, FlowRunId) : null,
            filter.TaskRunId is { } taskRun ? FilterCriteria.Of(taskRun, TaskRunId) : null,
            filter.Type is { } type ? FilterCriteria.Of(type, Type) : null
        );

    private static ColumnValues ValuesOf(StoredArtifact stored)
    {
        var artifact = stored.Artifact;
        return new(
            [
                artifact.Key is { } key ? ArtifactCollections.IdOf(key) : null,
                artifact.FlowRunId,
                artifact.Created,
                artifact.TaskRunId,
                artifact.Key,
                artifact.Type,
                artifact.Updated,
                stored.Since,
            ],
            []
        );
    }
}
