namespace Serverless.Samples;

/// <summary>A large value that goes from one task to another past the flow: it lies in a result storage.</summary>
public static class NumbersFlow
{
    /// <summary>Writes numbers, and adds them up.</summary>
    /// <param name="flow">The run.</param>
    /// <param name="count">How many numbers: a million are 7 MB of JSON, more than a result may have that is kept with its run.</param>
    /// <returns>Their sum.</returns>
    [Flow("numbers", Description = "Writes many numbers into a result storage, and adds them up.")]
    public static async Task<long> Run(FlowContext flow, [Range(0, 20_000_000)] int count = 1_000_000)
    {
        var numbers = flow.Submit(() => Count(count));
        return await flow.RunAsync(() => Add(numbers.AsArgument()));
    }

    [Task(ResultStorage = SampleServices.Results, ResultKey = "numbers/{task_run.id}", ResultSerializer = "json+gzip")]
    internal static int[] Count(int count) => [.. Enumerable.Range(1, count)];

    [Task]
    internal static long Add(int[] numbers) => numbers.Sum(number => (long)number);
}
