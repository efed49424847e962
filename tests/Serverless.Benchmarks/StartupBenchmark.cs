using System.Diagnostics;
using Serverless.Testing;

namespace Serverless.Benchmarks;

/// <summary>From starting the process to the first answer of <c>/api/ready</c>, and the memory of an idle host.</summary>
internal static class StartupBenchmark
{
    public static async Task RunAsync(string folder)
    {
        List<double> seconds = [];
        for (var i = 0; i < 5; i++)
        {
            var started = Stopwatch.GetTimestamp();
            await using var host = await HostProcess.StartAsync(folder);
            seconds.Add(Stopwatch.GetElapsedTime(started).TotalSeconds);
            if (i == 4)
            {
                await Task.Delay(TimeSpan.FromSeconds(5));
                host.Process.Refresh();
                Console.WriteLine($"idle memory        {host.Process.WorkingSet64 / 1e6:N0} MB resident after 5 s");
            }
        }

        seconds.Sort();
        Console.WriteLine($"start to ready     {seconds[2]:N2} s median of 5 (from {seconds[0]:N2} to {seconds[4]:N2})");
    }
}
