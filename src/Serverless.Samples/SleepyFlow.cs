namespace Serverless.Samples;

/// <summary>A wait that takes no thread and outlives restarts.</summary>
public static class SleepyFlow
{
    /// <summary>Sleeps durably.</summary>
    /// <param name="flow">The run.</param>
    /// <param name="seconds">How long.</param>
    /// <returns>The seconds slept.</returns>
    [Flow("sleepy", Description = "Sleeps durably.")]
    public static async Task<double> Run(FlowContext flow, [Range(0d, 31_536_000d)] double seconds = 1)
    {
        flow.Logger.LogInformation("Sleeping for {Seconds} seconds", seconds);
        await flow.SleepAsync(TimeSpan.FromSeconds(seconds));
        return seconds;
    }
}
