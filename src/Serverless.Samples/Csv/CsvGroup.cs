namespace Serverless.Samples.Csv;

/// <summary>The totals of the rows with one key.</summary>
/// <param name="Key">What these rows have in the column to group by.</param>
/// <param name="Count">How many they are.</param>
/// <param name="Sum">The sum of their numbers.</param>
/// <param name="Min">The least of them.</param>
/// <param name="Max">The greatest of them.</param>
public sealed record CsvGroup(string Key, long Count, decimal Sum, decimal Min, decimal Max)
{
    /// <summary>The totals of both.</summary>
    /// <exception cref="OverflowException">The sum has too many digits for a decimal; the decimal alone would round it without a
    /// word.</exception>
    internal CsvGroup Plus(CsvGroup other)
    {
        var sum = Sum + other.Sum;
        if (sum - Sum != other.Sum || sum - other.Sum != Sum)
        {
            throw new OverflowException();
        }

        return this with
        {
            Count = Count + other.Count,
            Sum = sum,
            Min = Math.Min(Min, other.Min),
            Max = Math.Max(Max, other.Max),
        };
    }
}
