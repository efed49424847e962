using System.Diagnostics;
using FsCheck;
using FsCheck.Fluent;

namespace Serverless.Functions.Tests.Chaos;

/// <summary>One step of a random history.</summary>
/// <param name="Action">What happens.</param>
/// <param name="Target">To which run, counted modulo those that there are.</param>
/// <param name="Program">For a start: what the flow does.</param>
public sealed record ChaosStep(ChaosAction Action, int Target, string Program)
{
    /// <summary>A history with a run that is stuck takes real seconds to fail: without a bound, shrinking it goes on for hours.</summary>
    private static readonly TimeSpan LongestShrinking = TimeSpan.FromMinutes(2);

    private static readonly Stopwatch Shrinking = new();

    /// <summary>Random histories, shrunk by leaving out steps.</summary>
    public static Arbitrary<ChaosStep[]> Histories { get; } = Arb.From(Step().ArrayOf(25), Shrink);

    public override string ToString() =>
        Action is ChaosAction.Start or ChaosAction.StartLater ? $"{Action} {Program}" : $"{Action} {Target}";

    private static IEnumerable<ChaosStep[]> Shrink(ChaosStep[] steps)
    {
        Shrinking.Start();
        return Enumerable
            .Range(0, steps.Length)
            .TakeWhile(_ => Shrinking.Elapsed < LongestShrinking)
            .Select(i => steps.Where((_, j) => j != i).ToArray());
    }

    private static Gen<ChaosStep> Step() =>
        from action in Gen.Frequency(
            (4, Gen.Constant(ChaosAction.Start)),
            (1, Gen.Constant(ChaosAction.StartLater)),
            (2, Gen.Constant(ChaosAction.Pause)),
            (2, Gen.Constant(ChaosAction.Suspend)),
            (3, Gen.Constant(ChaosAction.Resume)),
            (2, Gen.Constant(ChaosAction.Cancel)),
            (1, Gen.Constant(ChaosAction.Delete)),
            (1, Gen.Constant(ChaosAction.RunAgain)),
            (3, Gen.Constant(ChaosAction.Advance)),
            (8, Gen.Constant(ChaosAction.Work)),
            (1, Gen.Constant(ChaosAction.Crash))
        )
        from target in Gen.Choose(0, 9)
        from length in Gen.Choose(1, 5)
        from program in Gen.Elements("DFMBSPUCX".ToCharArray()).ArrayOf(length)
        select new ChaosStep(action, target, new string(program));
}
