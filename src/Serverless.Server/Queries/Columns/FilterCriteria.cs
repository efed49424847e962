using System.Text;
using Serverless.Core.Filters;
using Serverless.Core.States;
using Serverless.Storage.Columns;

namespace Serverless.Server.Queries;

/// <summary>What the criteria of filters ask of columns: the same as their <c>Matches</c>.</summary>
internal static class FilterCriteria
{
    /// <summary>The criteria of a filter that has them; one without any matches everything.</summary>
    public static Criterion Of(Operator combine, params ReadOnlySpan<Criterion?> criteria)
    {
        List<Criterion> given = [];
        foreach (var criterion in criteria)
        {
            if (criterion is not null)
            {
                given.Add(criterion);
            }
        }

        return given switch
        {
            [] => Criterion.Everything,
            [var only] => only,
            _ when combine == Operator.Or => new Criterion.Any(given),
            _ => new Criterion.All(given),
        };
    }

    /// <summary>Criteria on the key.</summary>
    public static Criterion OfKey(IdFilter filter) =>
        Of(
            filter.Operator,
            filter.Any is { } any ? new Criterion.KeyIn(any) : null,
            filter.NotAny is { Count: > 0 } none ? new Criterion.KeyNotIn(none) : null,
            filter.IsNull switch
            {
                null => null,
                true => Criterion.Nothing,
                false => Criterion.Everything,
            }
        );

    /// <summary>Criteria on an id.</summary>
    public static Criterion Of(IdFilter filter, Column column) =>
        Of(
            filter.Operator,
            filter.Any is { } any ? In(column, any) : null,
            filter.NotAny is { Count: > 0 } none ? NotIn(column, none) : null,
            IsNull(filter.IsNull, column)
        );

    /// <summary>Criteria on a text.</summary>
    public static Criterion Of(TextFilter filter, Column column) =>
        Of(
            filter.Operator,
            filter.Any is { } any ? In(column, any) : null,
            filter.NotAny is { Count: > 0 } none ? NotIn(column, none) : null,
            filter.Like is { Length: > 0 } like ? Like(column, like) : null,
            IsNull(filter.IsNull, column),
            IsNull(!filter.Exists, column)
        );

    /// <summary>Criteria on a time.</summary>
    /// <param name="filter">The filter.</param>
    /// <param name="column">The time.</param>
    /// <param name="compared">The time that is compared, if that is another one.</param>
    public static Criterion Of(TimeFilter filter, Column column, Column? compared = null) =>
        Of(
            Operator.And,
            filter.Before is { } before ? new Criterion.AtMost(compared ?? column, before) : null,
            filter.After is { } after ? new Criterion.AtLeast(compared ?? column, after) : null,
            IsNull(filter.IsNull, column)
        );

    /// <summary>Criteria on a flag.</summary>
    public static Criterion Of(FlagFilter filter, Criterion isSet, Criterion isNotSet)
    {
        Criterion? Is(bool? wanted) =>
            wanted switch
            {
                null => null,
                true => isSet,
                false => isNotSet,
            };
        return Of(Operator.And, Is(filter.Eq), Is(filter.Exists), Is(!filter.IsNull));
    }

    /// <summary>Criteria on tags, which are labels.</summary>
    public static Criterion Of(TagFilter filter) =>
        Of(
            filter.Operator,
            filter.All is { Count: > 0 } all ? new Criterion.All([.. all.Select(Label)]) : null,
            filter.Any is { } any ? new Criterion.Any([.. any.Select(Label)]) : null,
            filter.IsNull is { } isNull ? new Criterion.HasLabels(!isNull) : null
        );

    /// <summary>Criteria on a state.</summary>
    public static Criterion Of(StateFilter filter, Column type, Column name) =>
        Of(
            filter.Operator,
            filter.Type is { } types
                ? Of(
                    Operator.And,
                    types.Any is { } any ? new Criterion.In(type, [.. any.Select(Value)]) : null,
                    types.NotAny is { Count: > 0 } none ? new Criterion.NotIn(type, [.. none.Select(Value)]) : null
                )
                : null,
            filter.Name is { } names ? Of(names, name) : null
        );

    /// <summary>What a column holds for a state's type.</summary>
    public static object Value(StateType type) => (long)type;

    private static Criterion.TextMatches Like(Column column, string pattern)
    {
        var isPlain = Ascii.IsValid(pattern) && !pattern.AsSpan().ContainsAny('%', '_', '\0');
        return new(column, text => LikePattern.IsMatch(text, pattern), isPlain ? pattern : null);
    }

    private static Criterion Label(string tag) => new Criterion.HasLabel(tag);

    private static Criterion.In In<T>(Column column, IReadOnlyList<T> values)
        where T : notnull => new Criterion.In(column, [.. values.Cast<object>()]);

    private static Criterion.NotIn NotIn<T>(Column column, IReadOnlyList<T> values)
        where T : notnull => new Criterion.NotIn(column, [.. values.Cast<object>()]);

    private static Criterion.IsNull? IsNull(bool? wanted, Column column) =>
        wanted is { } isNull ? new Criterion.IsNull(column, isNull) : null;
}
