namespace Serverless.Storage.Columns;

/// <summary>In which order keys are listed; those that are equal by their keys, in the same direction.</summary>
/// <param name="Column">The column; null for the key alone.</param>
/// <param name="Descending">Whether the last comes first.</param>
public sealed record ColumnOrder(Column? Column, bool Descending)
{
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
