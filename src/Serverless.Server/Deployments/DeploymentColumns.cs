using Serverless.Core.Filters;
using Serverless.Server.Flows;
using Serverless.Server.Queries;
using Serverless.Storage.Columns;

namespace Serverless.Server.Deployments;

/// <summary>The columns of deployments.</summary>
internal static class DeploymentColumns
{
    /// <summary>The table.</summary>
    public static readonly ColumnTable Table;

    /// <summary>The flow.</summary>
    public static readonly Column FlowId;

    private static readonly Column FlowName;
    private static readonly Column Name;
    private static readonly Column Paused;
    private static readonly Column WorkQueueName;

    static DeploymentColumns()
    {
        List<Column> located = [];
        Table = new ColumnTable("deployments", (_, values) => DeploymentKeys.ByName((string)values[0]!, (string)values[1]!))
        {
            LocatedBy = located,
            IsSmall = true,
        };
        FlowId = Table.Add("flow_id", ColumnType.Id);
        FlowName = Table.Add("flow_name", ColumnType.Text);
        Name = Table.Add("name", ColumnType.Text);
        Paused = Table.Add("paused", ColumnType.Number);
        WorkQueueName = Table.Add("work_queue_name", ColumnType.Text);
        located.AddRange([FlowName, Name]);
        Table.AddIndex(FlowId);
        Table.AddIndex(Name);
    }

    /// <summary>The change that makes the columns hold a deployment that is another from now on; null for none.</summary>
    public static ColumnChange Change(StoredDeployment? before, StoredDeployment? after) =>
        new(Table, (after ?? before)!.Deployment.Id, before is null ? null : ValuesOf(before), after is null ? null : ValuesOf(after));

    /// <summary>What a filter asks.</summary>
    public static Criterion Of(DeploymentFilter filter) =>
        FilterCriteria.Of(
            filter.Operator,
            filter.Id is { } id ? FilterCriteria.OfKey(id) : null,
            filter.Name is { } name ? FilterCriteria.Of(name, Name) : null,
            filter.FlowOrDeploymentName is { } either ? EitherName(either, filter.NeedsFlowName) : null,
            filter.Paused is { } paused ? FilterCriteria.Of(paused, new Criterion.In(Paused, [1L]), new Criterion.In(Paused, [0L])) : null,
            filter.Tags is { } tags ? FilterCriteria.Of(tags) : null,
            filter.WorkQueueName is { } queue ? FilterCriteria.Of(queue, WorkQueueName) : null
        );

    private static Criterion EitherName(TextFilter filter, bool withFlow) =>
        withFlow
            ? new Criterion.Any([
                FilterCriteria.Of(filter, Name),
                new Criterion.Refers(FlowId, FlowColumns.Table, FlowColumns.NameMatches(filter)),
            ])
            : FilterCriteria.Of(filter, Name);

    private static ColumnValues ValuesOf(StoredDeployment stored) =>
        new(
            [
                stored.Deployment.FlowId,
                stored.FlowName,
                stored.Deployment.Name,
                stored.Deployment.Paused ? 1L : 0L,
                stored.Deployment.WorkQueueName,
            ],
            stored.Deployment.Tags
        );
}
