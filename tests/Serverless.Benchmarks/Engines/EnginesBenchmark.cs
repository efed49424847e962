namespace Serverless.Benchmarks.Engines;

/// <summary>
/// Our engine beside DurableTask.Core: the same functions on the same kind of rows, without HTTP, each in a folder of its own, in this
/// process. Core runs twice: with the rows of our engine ("lean"), and with a row for each message ("message rows");
/// <see cref="RowOrchestrationService"/> says what that means.
/// </summary>
internal static class EnginesBenchmark
{
    // The first ones are for the compiler and the caches; the last load has no code of its own and is left out of them.
    private const int WarmUps = 2;
    private const int Rounds = 5;

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan Time = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private static readonly (string Name, Func<string, Task<IEngine>> Start)[] Engines =
    [
        ("ours", LocalEngine.StartAsync),
        ("Core, lean", folder => CoreEngine.StartAsync(folder, messageRows: false)),
        ("Core, message rows", folder => CoreEngine.StartAsync(folder, messageRows: true)),
    ];

    private static readonly (string Name, Func<EngineLoads, Task<EngineFigure>> Measure)[] Loads =
    [
        ("3-activity orchestrations/s", loads => loads.SmallAsync()),
        ("fan-outs of 100 x 100, activities/s", loads => loads.FanOutAsync()),
        ("one of 10,000, activities/s", loads => loads.FlatAsync()),
    ];

    public static async Task RunAsync(string folder)
    {
        List<IEngine> engines = [];
        try
        {
            foreach ((var name, var start) in Engines)
            {
                engines.Add(await start(Directory.CreateDirectory(Path.Combine(folder, name)).FullName));
            }

            await MeasureAsync(engines, folder);
            await TryNotDurableAsync(engines);
        }
        finally
        {
            foreach (var engine in engines)
            {
                await engine.DisposeAsync();
            }
        }
    }

    private static async Task MeasureAsync(List<IEngine> engines, string folder)
    {
        List<EngineFigure>[,] figures = new List<EngineFigure>[Engines.Length, Loads.Length];
        List<double> syncs = [];
        for (var round = 0; round < WarmUps + Rounds; round++)
        {
            var counts = round >= WarmUps;
            if (counts)
            {
                syncs.Add(FsyncProbe.Measure(folder));
            }

            for (var turn = 0; turn < engines.Count; turn++)
            {
                // Who is first changes from round to round.
                var engine = (turn + round) % engines.Count;
                EngineLoads loads = new(engines[engine], round, counts ? Time : WarmUp);
                for (var load = 0; load < Loads.Length - (counts ? 0 : 1); load++)
                {
                    var all = figures[engine, load] ??= [];
                    var figure = await Loads[load].Measure(loads);
                    if (counts)
                    {
                        all.Add(figure);
                    }
                }
            }
        }

        Print(figures);
        Console.WriteLine($"{"fsync/s of 4 KiB, before each round", -44}{Format([.. syncs])}");
    }

    private static async Task TryNotDurableAsync(List<IEngine> engines)
    {
        Console.WriteLine("An orchestrator that awaits Task.Delay(1):");
        for (var engine = 0; engine < engines.Count; engine++)
        {
            var ends = await engines[engine].TryAsync(EngineFunctions.NotDurable, "not-durable", Patience);
            Console.WriteLine($"  {Engines[engine].Name, -20} {ends}");
        }
    }

    private static void Print(List<EngineFigure>[,] figures)
    {
        Console.WriteLine(
            $"{$"medians of {Rounds} rounds (lowest to highest)", -44}{string.Concat(Engines.Select(engine => $"{engine.Name, -30}"))}"
        );
        for (var load = 0; load < Loads.Length; load++)
        {
            var row = load;
            Console.WriteLine(
                $"{Loads[load].Name, -44}{Cells(engine => Format([.. figures[engine, row].Select(figure => figure.PerSecond)]))}"
            );
            var processor = Cells(engine => Format([.. figures[engine, row].Select(figure => figure.ProcessorMicroseconds)]));
            Console.WriteLine($"{"  processor, µs each", -44}{processor}");
        }
    }

    private static string Cells(Func<int, string> cell) =>
        string.Concat(Enumerable.Range(0, Engines.Length).Select(engine => $"{cell(engine), -30}"));

    private static string Format(double[] values)
    {
        Array.Sort(values);
        return $"{values[values.Length / 2]:N0} ({values[0]:N0} to {values[^1]:N0})";
    }
}
