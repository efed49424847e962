namespace Serverless.Flows;

/// <summary>Items for a map over several sequences.</summary>
public static class MapItems
{
    /// <summary>
    /// Pairs the items of two sequences, as in <c>flow.Map(MapItems.Zip(paths, sizes), item => Load(item.First, item.Second))</c>.
    /// </summary>
    /// <typeparam name="TFirst">The items of the first sequence.</typeparam>
    /// <typeparam name="TSecond">The items of the second.</typeparam>
    /// <param name="first">The first sequence.</param>
    /// <param name="second">The second one, with as many items.</param>
    /// <returns>One pair for each item.</returns>
    /// <exception cref="ArgumentException">The sequences have different numbers of items.</exception>
    public static IReadOnlyList<(TFirst First, TSecond Second)> Zip<TFirst, TSecond>(IEnumerable<TFirst> first, IEnumerable<TSecond> second)
    {
        var (firsts, seconds) = (List(first, nameof(first)), List(second, nameof(second)));
        CheckLengths(nameof(second), firsts.Count, seconds.Count);
        return [.. firsts.Zip(seconds)];
    }

    /// <summary>Joins the items of three sequences; otherwise as with two.</summary>
    /// <typeparam name="TFirst">The items of the first sequence.</typeparam>
    /// <typeparam name="TSecond">The items of the second.</typeparam>
    /// <typeparam name="TThird">The items of the third.</typeparam>
    /// <param name="first">The first sequence.</param>
    /// <param name="second">The second one, with as many items.</param>
    /// <param name="third">The third one, with as many items.</param>
    /// <returns>One triple for each item.</returns>
    /// <exception cref="ArgumentException">The sequences have different numbers of items.</exception>
    public static IReadOnlyList<(TFirst First, TSecond Second, TThird Third)> Zip<TFirst, TSecond, TThird>(
        IEnumerable<TFirst> first,
        IEnumerable<TSecond> second,
        IEnumerable<TThird> third
    )
    {
        var (firsts, seconds, thirds) = (List(first, nameof(first)), List(second, nameof(second)), List(third, nameof(third)));
        CheckLengths(nameof(second), firsts.Count, seconds.Count, thirds.Count);
        return [.. firsts.Zip(seconds, thirds)];
    }

    private static List<T> List<T>(IEnumerable<T> items, string name)
    {
        ArgumentNullException.ThrowIfNull(items, name);

        // One more than a map takes, by which it is known that there are too many: items may have no end.
        return [.. items.Take(MapLimit.Items + 1)];
    }

    private static void CheckLengths(string parameter, params int[] lengths)
    {
        if (lengths.Distinct().Count() > 1)
        {
            throw new ArgumentException(
                $"The sequences of a map must have equally many items; these have {string.Join(" and ", lengths)}.",
                parameter
            );
        }
    }
}
