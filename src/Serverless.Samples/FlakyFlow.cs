namespace Serverless.Samples;

/// <summary>A task that needs retries.</summary>
public static class FlakyFlow
{
    /// <summary>Runs a task that fails a number of times before it succeeds.</summary>
    /// <param name="flow">The run.</param>
    /// <param name="failures">How often it fails.</param>
    /// <param name="retries">How often it is tried again.</param>
    /// <param name="delaySeconds">Seconds before each retry.</param>
    /// <returns>How many attempts it took.</returns>
    [Flow("flaky", Description = "Fails its task a number of times before it succeeds.")]
    public static async Task<int> Run(
        FlowContext flow,
        [Range(0, int.MaxValue)] int failures = 2,
        [Range(0, int.MaxValue)] int retries = 3,
        [Range(0d, 86400d)] double delaySeconds = 0
    ) =>
        await flow.RunAsync(
            () => Attempt(failures),
            new CallOptions { Retries = retries, RetryDelays = [TimeSpan.FromSeconds(delaySeconds)] }
        );

    [Task]
    internal static int Attempt(int failures) =>
        TaskContext.Current.Attempt is var attempt && attempt > failures
            ? attempt
            : throw new InvalidOperationException($"Attempt {attempt} fails, like the first {failures}.");
}
