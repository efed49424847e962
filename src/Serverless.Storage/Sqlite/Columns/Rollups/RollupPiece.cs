using System.Runtime.InteropServices;

namespace Serverless.Storage.Sqlite;

/// <summary>A part of an interval that consists of whole buckets of a level, or of times as they are.</summary>
/// <param name="Level">The level; 0 for times as they are.</param>
/// <param name="Interval">The interval.</param>
/// <param name="From">The first tick.</param>
/// <param name="To">The first tick after it.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct RollupPiece(long Level, int Interval, long From, long To)
{
    /// <summary>Divides an interval so that as much as can be lies in whole buckets, of the longest level that fits.</summary>
    public static void Divide(int interval, long from, long to, List<RollupPiece> pieces) => Divide(0, interval, from, to, pieces);

    private static void Divide(int level, int interval, long from, long to, List<RollupPiece> pieces)
    {
        if (from >= to)
        {
            return;
        }

        if (level == RollupLevel.All.Length)
        {
            pieces.Add(new(0, interval, from, to));
            return;
        }

        var length = RollupLevel.All[level];
        var first = (from + length - 1) / length * length;
        var last = to / length * length;
        if (first >= last)
        {
            Divide(level + 1, interval, from, to, pieces);
            return;
        }

        Divide(level + 1, interval, from, first, pieces);
        pieces.Add(new(length, interval, first, last));
        Divide(level + 1, interval, last, to, pieces);
    }
}
