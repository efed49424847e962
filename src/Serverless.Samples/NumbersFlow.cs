namespace Serverless.Samples;

/// <summary>A large value that goes from one task to another, or to whoever wants the flow's result, past the flow: it lies in a result
/// storage.</summary>
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

    /// <summary>Writes numbers, and has them as its own result: they never come into the flow.</summary>
    /// <param name="flow">The run.</param>
    /// <param name="count">How many numbers.</param>
    /// <returns>The numbers, where they lie.</returns>
    [Flow("number-list", Description = "Has many numbers in a result storage as its result.")]
    public static async Task<int[]> List(FlowContext flow, [Range(0, 20_000_000)] int count = 1_000_000)
    {
        var numbers = flow.Submit(() => Count(count));
        return await numbers.AsResultAsync();
    }

    [Task(ResultStorage = SampleServices.Results, ResultKey = "numbers/{task_run.id}", ResultSerializer = "json+gzip")]
    internal static int[] Count(int count) => [.. Enumerable.Range(1, count)];

    [Task]
    internal static long Add(int[] numbers) => numbers.Sum(number => (long)number);
}
