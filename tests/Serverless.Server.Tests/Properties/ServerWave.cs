using FsCheck;
using FsCheck.Fluent;

namespace Serverless.Server.Tests.Properties;

/// <summary>Requests that arrive together.</summary>
/// <param name="Commands">The requests; every other one at a second process.</param>
/// <param name="Seconds">How far the clock moves before.</param>
/// <param name="Seed">Decides whose turn it is.</param>
/// <param name="Turns">After how many turns all processes crash.</param>
internal sealed record ServerWave(ServerCommand[] Commands, int Seconds, int Seed, int Turns)
{
    /// <summary>Random histories of requests of some kinds, shrunk by leaving out waves and requests.</summary>
    public static Arbitrary<ServerWave[]> HistoriesOf(params CommandKind[] kinds) =>
        Arb.From(
            (
                from count in Gen.Choose(1, 5)
                from commands in ServerCommand.Of(kinds).ArrayOf(count)
                from seconds in Gen.Elements(0, 0, 1, 20, 70, 310)
                from seed in Gen.Choose(0, int.MaxValue - 1)
                from turns in Gen.Frequency((2, Gen.Constant(int.MaxValue)), (1, Gen.Choose(0, 25)))
                select new ServerWave(commands, seconds, seed, turns)
            ).ArrayOf(8),
            Shrink
        );

    public override string ToString() =>
        $"+{Seconds} s: {string.Join(" | ", Commands.AsEnumerable())}{(Turns == int.MaxValue ? "" : $", crash after {Turns} turns")} "
        + $"(seed {Seed})";

    private static IEnumerable<ServerWave[]> Shrink(ServerWave[] waves)
    {
        for (var i = 0; i < waves.Length; i++)
        {
            yield return [.. waves[..i], .. waves[(i + 1)..]];
        }

        for (var i = 0; i < waves.Length; i++)
        {
            var commands = waves[i].Commands;
            for (var j = 0; commands.Length > 1 && j < commands.Length; j++)
            {
                yield return [.. waves[..i], waves[i] with { Commands = [.. commands[..j], .. commands[(j + 1)..]] }, .. waves[(i + 1)..]];
            }
        }
    }
}
