namespace Serverless.Samples;

/// <summary>Many tasks at once, on a class that the service provider builds.</summary>
/// <param name="time">Measures the tasks' work.</param>
public sealed class FanOutFlow(TimeProvider time)
{
    /// <summary>Runs tasks at once.</summary>
    /// <param name="flow">The run.</param>
    /// <param name="count">How many.</param>
    /// <param name="taskMilliseconds">How long each one takes.</param>
    /// <returns>How many ran.</returns>
    [Flow("fan-out", Description = "Runs many tasks at once.")]
    public async Task<int> Run(FlowContext flow, [Range(0, int.MaxValue)] int count = 10, [Range(0, int.MaxValue)] int taskMilliseconds = 0)
    {
        var items = await flow.Map(Enumerable.Range(0, count), item => Work(item, taskMilliseconds));
        return items.Length;
    }

    [Task(Tags = ["fan-out"])]
    internal async Task<int> Work(int item, int milliseconds, CancellationToken cancellationToken = default)
    {
        if (milliseconds > 0)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(milliseconds), time, cancellationToken);
        }

        return item;
    }
}
