namespace Serverless.Web.FlowRuns;

/// <summary>
/// Where times lie on a timeline, from 0 to 1. Stretches in which nothing happens are cut to a small width, so that a burst and a wait of
/// hours fit on one scale.
/// </summary>
public sealed class TimeScale
{
    /// <summary>The width of a stretch that was cut.</summary>
    public const double GapWidth = 0.035;

    private const int MostGaps = 8;

    // What is idle for less than this part of the busy time is not worth a cut.
    private const double LeastGap = 0.6;

    private readonly List<Piece> _pieces = [];

    /// <summary>Makes the scale of some stretches of time in which something happens.</summary>
    /// <param name="busy">The stretches, in any order; they may overlap.</param>
    public TimeScale(IEnumerable<(DateTimeOffset Start, DateTimeOffset End)> busy)
    {
        List<(DateTimeOffset Start, DateTimeOffset End)> merged = [];
        foreach (var (start, end) in busy.OrderBy(stretch => stretch.Start))
        {
            var last = end < start ? start : end;
            if (merged is [.., var before] && start <= before.End)
            {
                merged[^1] = (before.Start, last > before.End ? last : before.End);
            }
            else
            {
                merged.Add((start, last));
            }
        }

        if (merged.Count == 0)
        {
            return;
        }

        Start = merged[0].Start;
        End = merged[^1].End;
        var work = Math.Max(1, merged.Sum(stretch => (stretch.End - stretch.Start).Ticks));
        var cut = merged
            .Zip(merged.Skip(1), (before, after) => (Start: before.End, End: after.Start))
            .Where(gap => (gap.End - gap.Start).Ticks > LeastGap * work && gap.End - gap.Start > TimeSpan.FromSeconds(2))
            .OrderByDescending(gap => gap.End - gap.Start)
            .Take(MostGaps)
            .OrderBy(gap => gap.Start)
            .ToList();
        var shown = Math.Max(1, (End - Start).Ticks - cut.Sum(gap => (gap.End - gap.Start).Ticks));
        var width = 1 - (cut.Count * GapWidth);
        var at = 0.0;
        var from = Start;
        foreach (var gap in cut)
        {
            at = AddPiece(from, gap.Start, at, width * (gap.Start - from).Ticks / shown, isGap: false);
            at = AddPiece(gap.Start, gap.End, at, GapWidth, isGap: true);
            from = gap.End;
        }

        AddPiece(from, End, at, 1 - at, isGap: false);
    }

    private TimeScale(DateTimeOffset start, DateTimeOffset end)
    {
        Start = start;
        End = end;
        AddPiece(start, end, 0, 1, isGap: false);
    }

    /// <summary>The scale of one stretch of time, with nothing cut.</summary>
    public static TimeScale Between(DateTimeOffset start, DateTimeOffset end) => new(start, end);

    /// <summary>The pieces of the scale: where they lie, how wide they are, and their times.</summary>
    public IEnumerable<(double At, double Width, DateTimeOffset Start, DateTimeOffset End)> Pieces =>
        _pieces.Select(piece => (piece.At, piece.Width, piece.Start, piece.End));

    /// <summary>When it begins.</summary>
    public DateTimeOffset Start { get; }

    /// <summary>When it ends.</summary>
    public DateTimeOffset End { get; }

    /// <summary>The stretches that were cut: where they lie, how wide they are, and how long they last.</summary>
    public IEnumerable<(double At, double Width, TimeSpan Length)> Gaps =>
        _pieces.Where(piece => piece.IsGap).Select(piece => (piece.At, piece.Width, piece.End - piece.Start));

    /// <summary>The place of a time: before the start 0, after the end 1.</summary>
    public double this[DateTimeOffset time]
    {
        get
        {
            foreach (var piece in _pieces)
            {
                if (time <= piece.End)
                {
                    var length = (piece.End - piece.Start).Ticks;
                    var part = length == 0 ? 0 : Math.Max(0, (double)(time - piece.Start).Ticks / length);
                    return piece.At + (piece.Width * part);
                }
            }

            return _pieces.Count == 0 ? 0 : 1;
        }
    }

    /// <summary>Round times at which a line may stand, a few of them, none in a stretch that was cut.</summary>
    public IEnumerable<(double At, TimeSpan After)> Ticks()
    {
        var shown = _pieces.Where(piece => !piece.IsGap).Sum(piece => (piece.End - piece.Start).TotalSeconds);
        var step = StepOf(shown / 6);
        foreach (var piece in _pieces.Where(piece => !piece.IsGap))
        {
            var first = Math.Ceiling((piece.Start - Start).TotalSeconds / step) * step;
            for (var after = first; after <= (piece.End - Start).TotalSeconds; after += step)
            {
                yield return (this[Start.AddSeconds(after)], TimeSpan.FromSeconds(after));
            }
        }
    }

    private static double StepOf(double least)
    {
        ReadOnlySpan<double> steps =
        [
            0.01,
            0.02,
            0.05,
            0.1,
            0.2,
            0.5,
            1,
            2,
            5,
            10,
            15,
            30,
            60,
            120,
            300,
            600,
            900,
            1800,
            3600,
            7200,
            21600,
            43200,
        ];
        foreach (var step in steps)
        {
            if (step >= least)
            {
                return step;
            }
        }

        return Math.Ceiling(least / 86400) * 86400;
    }

    private double AddPiece(DateTimeOffset start, DateTimeOffset end, double at, double width, bool isGap)
    {
        _pieces.Add(new Piece(start, end, at, width, isGap));
        return at + width;
    }

    private readonly record struct Piece(DateTimeOffset Start, DateTimeOffset End, double At, double Width, bool IsGap);
}
