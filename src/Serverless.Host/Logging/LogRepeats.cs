using System.Globalization;

namespace Serverless.Host.Logging;

/// <summary>
/// Keeps a console readable when everything fails at once: of each kind of entry the first few in ten seconds are shown, the others are
/// counted, and the count is written when the ten seconds are over.
/// </summary>
internal sealed class LogRepeats : IDisposable
{
    /// <summary>How many entries of a kind are shown in each <see cref="Window"/>.</summary>
    public const int Shown = 3;

    /// <summary>After how long counts are written and begin anew.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private readonly Dictionary<LogKind, long> _seen = [];
    private readonly TextWriter _output;
    private readonly ITimer _timer;

    /// <summary>Begins.</summary>
    /// <param name="time">The clock.</param>
    /// <param name="output">Takes the counts.</param>
    public LogRepeats(TimeProvider time, TextWriter output)
    {
        _output = output;
        _timer = time.CreateTimer(_ => WriteCounts(), null, Window, Window);
    }

    /// <summary>Counts an entry.</summary>
    public LogRepeat Next(LogKind kind)
    {
        lock (_lock)
        {
            var seen = _seen[kind] = _seen.GetValueOrDefault(kind) + 1;
            return seen == 1 ? LogRepeat.First
                : seen <= Shown ? LogRepeat.Again
                : LogRepeat.Counted;
        }
    }

    /// <summary>Writes what was counted last.</summary>
    public void Dispose()
    {
        _timer.Dispose();
        WriteCounts();
    }

    private void WriteCounts()
    {
        List<string> lines = [];
        lock (_lock)
        {
            foreach ((var kind, var seen) in _seen)
            {
                if (seen > Shown)
                {
                    lines.Add(
                        string.Create(
                            CultureInfo.InvariantCulture,
                            $"      {seen - Shown:N0} more of "
                                + $"{kind.Category}[{kind.Event}]{(kind.Error is null ? string.Empty : $" ({kind.Error.Name})")} within "
                                + $"{Window.TotalSeconds} s"
                        )
                    );
                }
            }

            _seen.Clear();
        }

        foreach (var line in lines)
        {
            _output.WriteLine(line);
        }
    }
}
