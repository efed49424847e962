using System.Diagnostics;
using System.Globalization;

namespace Serverless.Benchmarks.Engines;

/// <summary>
/// What an engine is given to do in one round; each load is repeated until its time is over, and what has begun is awaited.
/// </summary>
internal sealed class EngineLoads(IEngine engine, int round, TimeSpan time)
{
    private const int InFlight = 64;
    private const int FanOuts = 100;
    private const int FanOutActivities = 100;
    private const int FlatActivities = 10_000;

    /// <summary>Orchestrations of three activities, 64 at any time.</summary>
    public Task<EngineFigure> SmallAsync() =>
        MeasureAsync(async goesOn =>
        {
            var started = 0;
            async Task RunOneByOneAsync()
            {
                while (goesOn())
                {
                    await engine.RunAsync(EngineFunctions.Chain, Id("a-chain", Interlocked.Increment(ref started)), 1);
                }
            }

            await Task.WhenAll(Enumerable.Range(0, InFlight).Select(_ => Task.Run(RunOneByOneAsync)));
            return started;
        });

    /// <summary>A hundred fan-outs of a hundred activities at once.</summary>
    public Task<EngineFigure> FanOutAsync() =>
        MeasureAsync(async goesOn =>
        {
            var activities = 0;
            for (var batch = 0; batch == 0 || goesOn(); batch++)
            {
                await Task.WhenAll(
                    Enumerable
                        .Range(0, FanOuts)
                        .Select(i => engine.RunAsync(EngineFunctions.FanOut, Id("b-fan-out", (batch * FanOuts) + i), FanOutActivities))
                );
                activities += FanOuts * FanOutActivities;
            }

            return activities;
        });

    /// <summary>One fan-out of ten thousand activities.</summary>
    public Task<EngineFigure> FlatAsync() =>
        MeasureAsync(async goesOn =>
        {
            var activities = 0;
            for (var run = 0; run == 0 || goesOn(); run++)
            {
                await engine.RunAsync(EngineFunctions.FanOut, Id("c-flat", run), FlatActivities);
                activities += FlatActivities;
            }

            return activities;
        });

    private async Task<EngineFigure> MeasureAsync(Func<Func<bool>, Task<int>> run)
    {
        // Each begins with an empty heap, whatever the engine before it left.
        GC.Collect();
        var processor = Environment.CpuUsage.TotalTime;
        var started = Stopwatch.GetTimestamp();
        var done = await run(() => Stopwatch.GetElapsedTime(started) < time);
        var took = Stopwatch.GetElapsedTime(started);
        processor = Environment.CpuUsage.TotalTime - processor;
        return new EngineFigure(done / took.TotalSeconds, processor.TotalMicroseconds / done);
    }

    // Ascending, as the ids are that our clients draw.
    private string Id(string load, int number) => string.Create(CultureInfo.InvariantCulture, $"{round:D2}-{load}-{number:D8}");
}
