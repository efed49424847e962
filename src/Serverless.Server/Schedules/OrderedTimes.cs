namespace Serverless.Server.Schedules;

/// <summary>Sequences of times in order.</summary>
internal static class OrderedTimes
{
    /// <summary>The times of all sequences in order, each once.</summary>
    /// <param name="sequences">Each in order.</param>
    public static IEnumerable<DateTime> Merge(IReadOnlyList<IEnumerable<DateTime>> sequences)
    {
        if (sequences.Count == 1)
        {
            foreach (var time in sequences[0])
            {
                yield return time;
            }

            yield break;
        }

        PriorityQueue<IEnumerator<DateTime>, DateTime> next = new();
        foreach (var sequence in sequences)
        {
            Enqueue(next, sequence.GetEnumerator());
        }

        DateTime? last = null;
        while (next.TryDequeue(out var times, out var time))
        {
            if (time != last)
            {
                last = time;
                yield return time;
            }

            Enqueue(next, times);
        }
    }

    private static void Enqueue(PriorityQueue<IEnumerator<DateTime>, DateTime> next, IEnumerator<DateTime> times)
    {
        if (times.MoveNext())
        {
            next.Enqueue(times, times.Current);
        }
        else
        {
            times.Dispose();
        }
    }
}
