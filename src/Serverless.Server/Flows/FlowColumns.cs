using Serverless.Core.Filters;
using Serverless.Core.Models;
using Serverless.Server.Deployments;
using Serverless.Server.Queries;
using Serverless.Storage.Columns;

namespace Serverless.Server.Flows;

/// <summary>The columns of flows.</summary>
internal static class FlowColumns
{
    /// <summary>The table.</summary>
    public static readonly ColumnTable Table;

    private static readonly Column Name;

    static FlowColumns()
    {
        List<Column> located = [];
        Table = new ColumnTable("flows", (_, values) => FlowKeys.ByName((string)values[0]!)) { LocatedBy = located, IsSmall = true };
        Name = Table.Add("name", ColumnType.Text);
        located.Add(Name);
        Table.AddIndex(Name);
    }

    /// <summary>The change that makes the columns hold a flow that is another from now on; null for none.</summary>
    public static ColumnChange Change(Flow? before, Flow? after) =>
        new(Table, (after ?? before)!.Id, before is null ? null : ValuesOf(before), after is null ? null : ValuesOf(after));

    /// <summary>What a filter asks.</summary>
    public static Criterion Of(FlowFilter filter) =>
        FilterCriteria.Of(
            filter.Operator,
            filter.Id is { } id ? FilterCriteria.OfKey(id) : null,
            filter.Deployment is { } deployment ? FilterCriteria.Of(deployment, HasDeployments(true), HasDeployments(false)) : null,
            filter.Name is { } name ? FilterCriteria.Of(name, Name) : null,
            filter.Tags is { } tags ? FilterCriteria.Of(tags) : null
        );

    /// <summary>What a filter asks of a name.</summary>
    public static Criterion NameMatches(TextFilter filter) => FilterCriteria.Of(filter, Name);

    private static Criterion.IsReferredTo HasDeployments(bool expected) =>
        new Criterion.IsReferredTo(DeploymentColumns.Table, DeploymentColumns.FlowId, Criterion.Everything, expected);

    private static ColumnValues ValuesOf(Flow flow) => new([flow.Name], flow.Tags);
}
