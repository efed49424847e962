using Serverless.Storage.Columns;

namespace Serverless.Storage.Sqlite;

/// <summary>Whether an index leads to the keys that match, so that not all have to be looked at.</summary>
internal static class Narrowing
{
    /// <summary>True when one does.</summary>
    public static bool Narrows(ColumnTable table, Criterion criterion)
    {
        bool IsIndexed(Column column) => table.Indexes.Any(index => index.Columns[0] == column);
        return criterion switch
        {
            Criterion.All all => all.Criteria.Any(part => Narrows(table, part)),
            Criterion.Any any => any.Criteria.All(part => Narrows(table, part)),
            Criterion.KeyIn or Criterion.HasLabel => true,
            Criterion.In values => IsIndexed(values.Column),
            Criterion.AtLeast least => IsIndexed(least.Column),
            Criterion.AtMost most => IsIndexed(most.Column),
            Criterion.Below below => IsIndexed(below.Column),
            Criterion.Above above => IsIndexed(above.Column),
            Criterion.Refers refers => IsIndexed(refers.Column),
            Criterion.IsReferredTo { Expected: true } referred => IsNarrow(referred.Other, referred.There),
            _ => false,
        };
    }

    /// <summary>True when all that match are in a part of an order that begins or ends somewhere.</summary>
    public static bool Bounds(ColumnOrder order, Criterion criterion) =>
        criterion switch
        {
            Criterion.All all => all.Criteria.Any(part => Bounds(order, part)),
            Criterion.KeyBefore or Criterion.KeyAfter => order.Column is null,
            Criterion.AtLeast least => order.Column == least.Column,
            Criterion.AtMost most => order.Column == most.Column,
            Criterion.Below below => order.Column == below.Column,
            Criterion.Above above => order.Column == above.Column,
            Criterion.IsNull { Expected: true } none => order.Column == none.Column,
            _ => false,
        };

    /// <summary>True when all that match have a text that is asked for, and that an index has.</summary>
    public static bool IsText(ColumnTable table, Criterion criterion) =>
        criterion switch
        {
            Criterion.All all => all.Criteria.Any(part => IsText(table, part)),
            Criterion.TextMatches text => table.IndexOf(text.Column) is not null,
            _ => false,
        };

    /// <summary>True when all that match have a label that is asked for.</summary>
    public static bool IsLabelled(Criterion criterion) =>
        criterion switch
        {
            Criterion.All all => all.Criteria.Any(IsLabelled),
            Criterion.Any { Criteria.Count: > 0 } any => any.Criteria.All(IsLabelled),
            Criterion.HasLabel => true,
            _ => false,
        };

    /// <summary>True when few keys match: they are named, or all that a few others refer to.</summary>
    public static bool IsNarrow(ColumnTable table, Criterion criterion) =>
        criterion switch
        {
            Criterion.All all => all.Criteria.Any(part => IsNarrow(table, part)),
            Criterion.Any any => any.Criteria.All(part => IsNarrow(table, part)),
            Criterion.KeyIn => true,
            Criterion.In { Column.Type: ColumnType.Id } values => table.Indexes.Any(index => index.Columns[0] == values.Column),
            _ => false,
        };
}
