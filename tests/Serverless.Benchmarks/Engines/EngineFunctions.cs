namespace Serverless.Benchmarks.Engines;

/// <summary>The names of the functions, and what they compute: the same on each engine.</summary>
internal static class EngineFunctions
{
    /// <summary>Three calls of <see cref="AddOne"/>, one after the other.</summary>
    public const string Chain = "Chain";

    /// <summary>As many calls of <see cref="AddOne"/> as the input says, all at once.</summary>
    public const string FanOut = "FanOut";

    /// <summary>Awaits a delay that is not a durable timer.</summary>
    public const string NotDurable = "NotDurable";

    public const string AddOne = "AddOne";

    public const int ChainLength = 3;

    public static int Next(int number) => number + 1;

    /// <summary>Fails the orchestration if an activity was lost, doubled or given another input.</summary>
    public static void Check(long sum, long expected)
    {
        if (sum != expected)
        {
            throw new InvalidOperationException($"The activities returned {sum} in all, not {expected}.");
        }
    }

    /// <summary>The sum of what a fan-out's activities return.</summary>
    public static long SumOf(int count) => (long)count * (count + 1) / 2;
}
