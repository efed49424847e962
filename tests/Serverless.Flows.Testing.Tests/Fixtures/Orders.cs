using Microsoft.Extensions.Logging;

namespace Serverless.Flows.Testing.Tests.Fixtures;

/// <summary>The flows that the tests run.</summary>
internal static class Orders
{
    [Flow("order", Retries = 0)]
    public static async Task<decimal> Run(FlowContext flow, string[] items)
    {
        var prices = await flow.Map(items, item => Price(item));
        decimal total = await flow.RunAsync(() => Sum(prices));
        await flow.RunAsync(() => Charge(total));
        flow.Logger.LogInformation("Charged {Total}", total);
        await flow.Artifacts.CreateMarkdownArtifactAsync("# Done", key: "receipt");
        return total;
    }

    [Flow("reminder")]
    public static async Task<int> Remind(FlowContext flow, int days)
    {
        for (var day = 0; day < days; day++)
        {
            await flow.SleepAsync(TimeSpan.FromDays(1));
            await flow.RunAsync(() => Charge(day));
        }

        return days;
    }

    [Flow("decision")]
    public static async Task<string> Decide(FlowContext flow)
    {
        var answer = await flow.PauseAsync<Answer>(TimeSpan.FromHours(2), key: "decision");
        return answer.Text;
    }

    /// <summary>Something of everything, for crashes.</summary>
    [Flow("confirmed")]
    public static async Task<decimal> Confirmed(FlowContext flow, string[] items)
    {
        var prices = await flow.Map(items, item => Price(item));
        decimal total = await flow.RunAsync(() => Sum(prices));
        await flow.SleepAsync(TimeSpan.FromHours(5));
        var answer = await flow.PauseAsync<Answer>(TimeSpan.FromDays(2), key: "confirmation");
        if (answer.Text == "yes")
        {
            await flow.RunAsync(() => Charge(total));
        }

        return total;
    }

    [Flow("limited", TimeoutSeconds = 3600)]
    public static async Task Limited(FlowContext flow) => await flow.SleepAsync(TimeSpan.FromDays(1));

    [Flow("patient")]
    public static async Task<string> Patient(FlowContext flow, double minutes) => await flow.RunAsync(() => Watch(minutes));

    [Flow("parent")]
    public static async Task<int> Parent(FlowContext flow)
    {
        var one = flow.Submit(() => Remind(flow, 1));
        return await flow.RunAsync(() => Remind(flow, 2)) + await one;
    }

    /// <summary>Waits for an input that nobody sends, longer than a year.</summary>
    [Flow("listener")]
    public static async Task<string> Listen(FlowContext flow) => (await flow.Input.ReceiveAsync<string>(TimeSpan.FromDays(500))).Value;

    [Task]
    internal static decimal Price(string item) => item.Length;

    [Task("sum-prices")]
    internal static decimal Sum(decimal[] prices) => prices.Sum();

    [Task(Retries = 3, RetryDelaySeconds = [60, 3600])]
    internal static async Task Charge(decimal amount, ILogger logger = null!)
    {
        await Task.Yield();
        logger.LogInformation("Charging {Amount}", amount);
    }

    /// <summary>Waits on the clock of the app; at most an hour.</summary>
    [Task(TimeoutSeconds = 3600)]
    internal static Task<string> Watch(double minutes) => Task.FromResult($"{minutes}");
}
