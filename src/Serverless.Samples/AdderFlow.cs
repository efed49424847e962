namespace Serverless.Samples;

/// <summary>A run that receives inputs while it runs.</summary>
public static class AdderFlow
{
    /// <summary>Adds the numbers that it receives, and tells each flow run that sent one the sum so far.</summary>
    /// <param name="flow">The run.</param>
    /// <param name="count">How many numbers.</param>
    /// <param name="timeoutSeconds">How long it waits for each; the run fails if none comes in that time.</param>
    /// <returns>The sum.</returns>
    [Flow("adder", Description = "Adds numbers that clients and other flow runs send to it.")]
    public static async Task<decimal> Run(
        FlowContext flow,
        [Range(1, 1000)] int count = 2,
        [Range(0.001, 31_536_000d)] double timeoutSeconds = 3600
    )
    {
        var sum = 0m;
        for (var i = 0; i < count; i++)
        {
            var number = await flow.Input.ReceiveAsync<decimal>(TimeSpan.FromSeconds(timeoutSeconds));
            sum += number.Value;
            flow.Logger.LogInformation("{Number} of {Sender} makes {Sum}", number.Value, number.Sender ?? "a client", sum);
            if (number.SenderFlowRunId is not null)
            {
                await number.RespondAsync(sum);
            }
        }

        return sum;
    }

    /// <summary>Has another run add a number.</summary>
    /// <param name="flow">The run.</param>
    /// <param name="adder">The run of the flow <c>adder</c>.</param>
    /// <param name="number">The number.</param>
    /// <returns>The sum that it answers.</returns>
    [Flow("add-to", Description = "Sends a number to a run of the flow adder, and returns the sum that it answers.")]
    public static async Task<decimal> AddTo(FlowContext flow, Guid adder, decimal number)
    {
        await flow.Input.SendAsync(adder, number);
        return (await flow.Input.ReceiveAsync<decimal>()).Value;
    }
}
