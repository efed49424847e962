namespace Serverless.Storage.Columns;

/// <summary>
/// What is asked of the columns of a key: true or false, never unknown. What compares with a value is false where there is none.
/// </summary>
public abstract record Criterion
{
    private Criterion() { }

    /// <summary>Matches everything.</summary>
    public static Criterion Everything { get; } = new All([]);

    /// <summary>Matches nothing.</summary>
    public static Criterion Nothing { get; } = new Any([]);

    /// <summary>All of these match.</summary>
    public sealed record All(IReadOnlyList<Criterion> Criteria) : Criterion;

    /// <summary>At least one of these matches.</summary>
    public sealed record Any(IReadOnlyList<Criterion> Criteria) : Criterion;

    /// <summary>The key is one of these.</summary>
    public sealed record KeyIn(IReadOnlyCollection<Guid> Keys) : Criterion;

    /// <summary>The key is none of these.</summary>
    public sealed record KeyNotIn(IReadOnlyCollection<Guid> Keys) : Criterion;

    /// <summary>The key is before this one.</summary>
    public sealed record KeyBefore(Guid Key) : Criterion;

    /// <summary>The key is after this one.</summary>
    public sealed record KeyAfter(Guid Key) : Criterion;

    /// <summary>The column is null, or is not.</summary>
    public sealed record IsNull(Column Column, bool Expected = true) : Criterion;

    /// <summary>The column is one of these values.</summary>
    public sealed record In(Column Column, IReadOnlyCollection<object> Values) : Criterion;

    /// <summary>The column has a value that is none of these.</summary>
    public sealed record NotIn(Column Column, IReadOnlyCollection<object> Values) : Criterion;

    /// <summary>The column has a value that is at least this.</summary>
    public sealed record AtLeast(Column Column, object Value) : Criterion;

    /// <summary>The column has a value that is at most this.</summary>
    public sealed record AtMost(Column Column, object Value) : Criterion;

    /// <summary>The column has a value that is less than this.</summary>
    public sealed record Below(Column Column, object Value) : Criterion;

    /// <summary>The column has a value that is more than this.</summary>
    public sealed record Above(Column Column, object Value) : Criterion;

    /// <summary>The text column has a value that the function accepts.</summary>
    /// <param name="Column">The column.</param>
    /// <param name="Accepts">The function.</param>
    /// <param name="Part">
    /// The part of the text that the function looks for, ignoring case, if it does nothing else; null for any other function. It is ASCII
    /// and has no wildcards of SQL. A store can look for it in texts of ASCII by itself, which is faster than to call the function.
    /// </param>
    public sealed record TextMatches(Column Column, Func<string, bool> Accepts, string? Part = null) : Criterion;

    /// <summary>There is this label.</summary>
    public sealed record HasLabel(string Label) : Criterion;

    /// <summary>There are labels, or there are none.</summary>
    public sealed record HasLabels(bool Expected) : Criterion;

    /// <summary>The key that the column holds is in the other table, and matches there.</summary>
    public sealed record Refers(Column Column, ColumnTable Other, Criterion There) : Criterion;

    /// <summary>The column is null, or holds a key that is not in the other table.</summary>
    public sealed record DoesNotRefer(Column Column, ColumnTable Other) : Criterion;

    /// <summary>There is a key in the other table whose column holds this one's key, and that matches; or there is none.</summary>
    public sealed record IsReferredTo(ColumnTable Other, Column Column, Criterion There, bool Expected = true) : Criterion;

    /// <summary>Both match.</summary>
    public Criterion And(Criterion other) =>
        this is All { Criteria.Count: 0 } ? other
        : other is All { Criteria.Count: 0 } ? this
        : new All([this, other]);
}
