namespace Serverless.Samples;

/// <summary>Tasks one after the other, each on the value of the one before.</summary>
public static class ChainFlow
{
    /// <summary>Counts up, one task for each step.</summary>
    /// <param name="flow">The run.</param>
    /// <param name="length">How many tasks.</param>
    /// <returns>The length.</returns>
    [Flow("chain", Description = "Runs tasks one after the other.")]
    public static async Task<int> Run(FlowContext flow, [Range(0, int.MaxValue)] int length = 10)
    {
        var value = 0;
        for (var step = 0; step < length; step++)
        {
            value = await flow.RunAsync(() => Increment(value));
        }

        return value;
    }

    [Task]
    internal static int Increment(int value) => value + 1;
}
