namespace Serverless.Benchmarks.Schedules;

/// <summary>
/// What a pass of the scheduler costs with 10,000 schedules, what a day costs on a storage account, how soon runs start after their time,
/// and a schedule of every second on a host that is killed again and again.
/// </summary>
internal static class SchedulesBenchmark
{
    public static async Task RunAsync(string folder)
    {
        await PassBenchmark.RunAsync(Path.Combine(folder, "passes"));
        await DayBenchmark.RunAsync();
        await TickBenchmark.RunAsync(Path.Combine(folder, "ticks"), kills: 0);
        await TickBenchmark.RunAsync(Path.Combine(folder, "kills"), kills: 5);
    }
}
