using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace Serverless.Benchmarks.Engines;

/// <summary>The functions for our engine.</summary>
internal static class LocalFunctions
{
    [Function(EngineFunctions.Chain)]
    public static async Task ChainAsync([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var first = context.GetInput<int>();
        var number = first;
        for (var i = 0; i < EngineFunctions.ChainLength; i++)
        {
            number = await context.CallActivityAsync<int>(EngineFunctions.AddOne, number);
        }

        EngineFunctions.Check(number, first + EngineFunctions.ChainLength);
    }

    [Function(EngineFunctions.FanOut)]
    public static async Task FanOutAsync([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var count = context.GetInput<int>();
        var numbers = await Task.WhenAll(
            Enumerable.Range(0, count).Select(number => context.CallActivityAsync<int>(EngineFunctions.AddOne, number))
        );
        EngineFunctions.Check(numbers.Sum(number => (long)number), EngineFunctions.SumOf(count));
    }

    [Function(EngineFunctions.NotDurable)]
#pragma warning disable DURABLE0003 // The analyzer forbids it; what an engine does with it is what the benchmark shows.
    public static Task NotDurableAsync([OrchestrationTrigger] TaskOrchestrationContext context) => Task.Delay(1);
#pragma warning restore DURABLE0003

    [Function(EngineFunctions.AddOne)]
    public static int AddOne([ActivityTrigger] int number) => EngineFunctions.Next(number);
}
