namespace Serverless.Storage.Columns;

/// <summary>In which order keys are listed; those that are equal by their keys, in the same direction.</summary>
/// <param name="Column">The column; null for the key alone.</param>
/// <param name="Descending">Whether the last comes first.</param>
public sealed record ColumnOrder(Column? Column, bool Descending)
{
    /// <summary>The order backwards.</summary>
    public ColumnOrder Reverse() => this with { Descending = !Descending };

    /// <summary>
    /// What comes after a place, in parts that follow each other. Each part is a range of the order's index, so that nothing before
    /// the place is looked at.
    /// </summary>
    /// <param name="key">The key of the place, whether it is still there or not.</param>
    /// <param name="place">What the column held; null also when the order is that of the keys.</param>
    public IReadOnlyList<Criterion> Beyond(Guid key, object? place)
    {
        if (Column is null || place is not null)
        {
            var after = After(new ColumnHit(key, place, null));
            return Column is not null && Descending ? [after, new Criterion.IsNull(Column)] : [after];
        }

        // Null comes first, going up.
        var none = new Criterion.IsNull(Column).And(Descending ? new Criterion.KeyBefore(key) : new Criterion.KeyAfter(key));
        return Descending ? [none] : [none, new Criterion.IsNull(Column, Expected: false)];
    }

    /// <summary>What comes after a hit of this order whose place is not null.</summary>
    public Criterion After(ColumnHit hit)
    {
        ArgumentNullException.ThrowIfNull(hit);
        Criterion key = Descending ? new Criterion.KeyBefore(hit.Key) : new Criterion.KeyAfter(hit.Key);
        if (Column is null)
        {
            return key;
        }

        var place = hit.Place ?? throw new ArgumentException("A hit without a place has no order.", nameof(hit));
        Criterion from = Descending ? new Criterion.AtMost(Column, place) : new Criterion.AtLeast(Column, place);
        Criterion beyond = Descending ? new Criterion.Below(Column, place) : new Criterion.Above(Column, place);
        return from.And(new Criterion.Any([beyond, key]));
    }
}
