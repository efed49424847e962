using System.Globalization;
using System.IO.Compression;
using System.Runtime.CompilerServices;
using Serverless.Server.Schedules;

namespace Serverless.Server.Tests.Schedules;

/// <summary>What Prefect answers to a schedule. <c>generate.py</c> wrote them, and says what each field means.</summary>
/// <param name="Kind">C, D, R or I.</param>
/// <param name="Zone">The zone.</param>
/// <param name="Text">The expression.</param>
/// <param name="Start">The earliest time.</param>
/// <param name="Answer">The times; null for an expression that is refused.</param>
/// <param name="Ends">Whether nothing follows.</param>
internal sealed record Vector(string Kind, string Zone, string Text, DateTimeOffset Start, IReadOnlyList<DateTimeOffset>? Answer, bool Ends)
{
    public static IEnumerable<Vector> ReadAll()
    {
        using var packed = File.OpenRead(Path.Combine(Folder(), "vectors.txt.gz"));
        using GZipStream unpacked = new(packed, CompressionMode.Decompress);
        using StreamReader reader = new(unpacked);
        while (reader.ReadLine() is { } line)
        {
            yield return Read(line.Split('\t'));
        }
    }

    /// <summary>Makes the schedule.</summary>
    /// <exception cref="ScheduleException">The expression is refused.</exception>
    public Schedule Make()
    {
        if (Kind == "R")
        {
            return RRuleSchedule.Create(Text, Zone);
        }

        if (Kind != "I")
        {
            return CronSchedule.Create(Text, Zone, dayOr: Kind == "C");
        }

        var seconds = Text.Split(' ').Select(number => long.Parse(number, CultureInfo.InvariantCulture)).ToArray();
        return IntervalSchedule.Create(TimeSpan.FromSeconds(seconds[0]), DateTimeOffset.FromUnixTimeSeconds(seconds[1]), Zone);
    }

    private static string Folder([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;

    private static Vector Read(string[] fields)
    {
        var start = DateTimeOffset.FromUnixTimeSeconds(long.Parse(fields[3], CultureInfo.InvariantCulture));
        Vector vector = new(fields[0], fields[1], fields[2].Replace("\\n", "\n", StringComparison.Ordinal), start, null, false);
        if (fields[4] == "!")
        {
            return vector;
        }

        List<DateTimeOffset> answer = [];
        var at = start;
        foreach (var step in fields[4].Split(' ').Where(step => step != "."))
        {
            at = at.AddSeconds(long.Parse(step, CultureInfo.InvariantCulture));
            answer.Add(at);
        }

        return vector with
        {
            Answer = answer,
            Ends = fields[4].EndsWith('.'),
        };
    }
}
