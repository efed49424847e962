using Serverless.Core.Filters;
using Serverless.Core.Models;
using Serverless.Server.Queries;
using Serverless.Storage.Columns;

namespace Serverless.Server.Variables;

/// <summary>The columns of variables.</summary>
internal static class VariableColumns
{
    /// <summary>The table.</summary>
    public static readonly ColumnTable Table;

    private static readonly Column Name;
    private static readonly Column Created;
    private static readonly Column Updated;

    static VariableColumns()
    {
        List<Column> located = [];
        Table = new ColumnTable("variables", static (_, values) => VariableKeys.ByName((string)values[0]!)) { LocatedBy = located };
        Name = Table.Add("name", ColumnType.Text);
        Created = Table.Add("created", ColumnType.Time);
        Updated = Table.Add("updated", ColumnType.Time);
        located.Add(Name);
        Table.AddIndex(Name);
        Table.AddIndex(Created);
        Table.AddIndex(Updated);
    }

    /// <summary>The change that makes the columns hold a variable that is another from now on; null for none.</summary>
    public static ColumnChange Change(Variable? before, Variable? after) =>
        new(Table, (after ?? before)!.Id, before is null ? null : ValuesOf(before), after is null ? null : ValuesOf(after));

    /// <summary>What a filter asks; null for none.</summary>
    public static Criterion Of(VariableFilter? filter) =>
        filter is null
            ? Criterion.Everything
            : FilterCriteria.Of(
                filter.Operator,
                filter.Id is { } id ? FilterCriteria.OfKey(id) : null,
                filter.Name is { } name ? FilterCriteria.Of(name, Name) : null,
                filter.Tags is { } tags ? FilterCriteria.Of(tags) : null
            );

    /// <summary>The order of a list. Names are unique, so that no two follow each other by their ids.</summary>
    public static ColumnOrder Of(VariableSort sort) =>
        sort switch
        {
            VariableSort.NameAsc => new(Name, Descending: false),
            VariableSort.NameDesc => new(Name, Descending: true),
            VariableSort.CreatedDesc => new(Created, Descending: true),
            VariableSort.UpdatedDesc => new(Updated, Descending: true),
            _ => throw new ArgumentOutOfRangeException(nameof(sort), sort, "The sort order is unknown."),
        };

    private static ColumnValues ValuesOf(Variable variable) =>
        new([variable.Name, variable.Created, variable.Updated], [.. variable.Tags.Distinct(StringComparer.Ordinal)]);
}
