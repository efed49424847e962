namespace Serverless.Flows;

/// <summary>How long things may take. What is longer is meant to be for ever, and would run over the end of the calendar.</summary>
internal static class Durations
{
    /// <summary>A century in seconds: the longest sleep, pause and delay.</summary>
    internal const long Longest = 3_155_760_000;

    /// <summary>The longest time-out of an attempt in seconds, almost 25 days: what the timers of .NET hold.</summary>
    internal const int LongestTimeout = int.MaxValue / 1000;

    /// <summary>Refuses a time that is too long.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is.</exception>
    internal static void Check(TimeSpan duration, string what, string parameter)
    {
        if (duration.TotalSeconds > Longest)
        {
            throw new ArgumentOutOfRangeException(parameter, $"{what} must be at most a century ({Longest} seconds), not {duration}.");
        }
    }
}
