using FsCheck;
using FsCheck.Fluent;

namespace Serverless.Storage.Azure.Tests.Fixtures;

/// <summary>What two processes do in a while, at the same time, and how it ends.</summary>
/// <param name="Steps">For each process: the item that it changes, or -1 for a sweep.</param>
/// <param name="Crash">Which process dies (0 or 1; 2 for none) and after how many writes.</param>
/// <param name="Pause">How long nothing happens after it, in seconds.</param>
/// <param name="Seed">Of the order in which requests take turns.</param>
public sealed record CrashPhase(int[][] Steps, (int Process, int Writes) Crash, double Pause, int Seed)
{
    /// <summary>Random histories of up to four phases.</summary>
    public static Arbitrary<CrashPhase[]> Histories { get; } =
        Arb.From(
            Phase().NonEmptyListOf().Select(phases => phases.Take(4).ToArray()),
            history => history.Select((_, i) => history.Where((_, j) => j != i).ToArray())
        );

    public override string ToString() =>
        $"[{string.Join(" ", Steps[0])}] and [{string.Join(" ", Steps[1])}], {Crash.Process} dies after {Crash.Writes}, seed {Seed}, "
        + $"then {Pause} s";

    private static Gen<CrashPhase> Phase() =>
        from first in Gen.Choose(-1, 1).NonEmptyListOf()
        from second in Gen.Choose(-1, 1).NonEmptyListOf()
        from process in Gen.Choose(0, 2)
        from writes in Gen.Choose(0, 12)
        from pause in Gen.Elements(0.5, 6, 30, 180)
        from seed in Gen.Choose(0, 1_000_000)
        select new CrashPhase(
            [
                [.. first.Take(4)],
                [.. second.Take(4)],
            ],
            (process, writes),
            pause,
            seed
        );
}
