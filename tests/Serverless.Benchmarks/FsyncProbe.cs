using System.Diagnostics;

namespace Serverless.Benchmarks;

/// <summary>The machine's own limit: how many 4 KiB appends a second it can make durable, one after the other.</summary>
internal static class FsyncProbe
{
    public static double Measure(string folder)
    {
        var file = Path.Combine(folder, "fsync.probe");
        var page = new byte[4096];
        var count = 0;
        using (FileStream stream = new(file, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0))
        {
            var started = Stopwatch.GetTimestamp();
            while (Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(1))
            {
                stream.Write(page);
                stream.Flush(flushToDisk: true);
                count++;
            }
        }

        File.Delete(file);
        return count;
    }
}
