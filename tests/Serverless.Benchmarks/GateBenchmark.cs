using System.Diagnostics;

namespace Serverless.Benchmarks;

/// <summary>
/// Decisions of the gate a second, on one core, without storage: rules, transforms and the run as it is to be stored.
/// In this process; the mix is that of <see cref="GateMix"/>.
/// </summary>
internal static class GateBenchmark
{
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(1);

    public static Task RunAsync(string folder)
    {
        const int rounds = 7;
        GateMix mix = new();
        (string Name, Func<int> Play)[] parts =
        [
            ("flow runs", mix.FlowRun),
            ("with a slot", mix.FlowRunWithSlot),
            ("with a retry", mix.FlowRunWithRetry),
            ("refused", mix.FlowRunRefused),
            ("task runs", mix.TaskRun),
            ("with slots", mix.TaskRunWithSlots),
            ("with a retry", mix.TaskRunWithRetry),
        ];
        Func<int> all = () => parts.Sum(part => part.Play());

        // Long enough for the compiler's second look at what is hot.
        Measure(all);
        Measure(all);
        (double Rate, double Bytes)[] measured = [.. Enumerable.Range(0, rounds).Select(_ => Measure(all)).OrderBy(round => round.Rate)];
        Console.WriteLine(
            $"gate               {measured[rounds / 2].Rate:N0} decisions/s a core (median of {rounds}; {measured[0].Rate:N0} to "
                + $"{measured[^1].Rate:N0}), {measured[0].Bytes:N0} bytes each"
        );
        foreach ((var name, var play) in parts)
        {
            (var rate, var bytes) = Measure(play);
            Console.WriteLine($"  {name, -16} {rate:N0} decisions/s, {bytes:N0} bytes each");
        }

        return Task.CompletedTask;
    }

    private static (double Rate, double Bytes) Measure(Func<int> play)
    {
        long decisions = 0;
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var started = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(started) < Round)
        {
            for (var i = 0; i < 100; i++)
            {
                decisions += play();
            }
        }

        var took = Stopwatch.GetElapsedTime(started);
        return (decisions / took.TotalSeconds, (double)(GC.GetAllocatedBytesForCurrentThread() - allocated) / decisions);
    }
}
