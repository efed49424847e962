using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;

namespace Serverless.LocalRuntime.Tests.Fixtures;

/// <summary>Functions of every kind of trigger and binding.</summary>
internal sealed class TriggerFunctions(TriggerProbe? probe = null)
{
    /// <summary>In a message: there is no instance to tell.</summary>
    public const string NoInstance = "none";

    [Function("Sweep")]
    public Task SweepAsync([TimerTrigger("%SweepSchedule%")] TimerInfo timer, FunctionContext context) =>
        Probe.FiredAsync(context.FunctionDefinition.Name, timer);

    [Function("AtStart")]
    public Task AtStartAsync([TimerTrigger("0 0 3 31 12 *", RunOnStartup = true)] TimerInfo timer, FunctionContext context) =>
        Probe.FiredAsync(context.FunctionId, timer);

    [Function("Dispatch")]
    public async Task DispatchAsync(
        [QueueTrigger("dispatch")] QueueItem item,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken
    )
    {
        await Probe.HandleAsync(item);
        if (item.InstanceId != NoInstance)
        {
            await client.RaiseEventAsync(item.InstanceId, "dispatched", item.Text, cancellationToken);
        }
    }

    [Function("Plain")]
    public void Plain([QueueTrigger("plain")] string text) => Probe.Texts.TrySetResult(text);

    [Function("Api")]
    public static string Api([HttpTrigger(AuthorizationLevel.Function, "get", Route = "{*path}")] object request) => $"{request}";

    [Function("Add")]
    public static int Add([ActivityTrigger] int[] numbers) => numbers.Sum();

    [Function("Scoped")]
    public static async ValueTask<Guid> ScopedAsync([ActivityTrigger] string? input, FunctionContext context)
    {
        await Task.Yield();
        var first = context.InstanceServices.GetRequiredService<ScopedService>();
        return first == context.InstanceServices.GetRequiredService<ScopedService>() ? first.Id : Guid.Empty;
    }

    [Function("Sum")]
    public static async Task<int> SumAsync([OrchestrationTrigger] TaskOrchestrationContext context, int[] numbers) =>
        await context.CallActivityAsync<int>("Add", numbers);

    private TriggerProbe Probe => probe ?? throw new InvalidOperationException("This test has no probe.");
}
