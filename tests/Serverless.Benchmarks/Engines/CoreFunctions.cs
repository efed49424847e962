using DurableTask.Core;

namespace Serverless.Benchmarks.Engines;

/// <summary>The functions for DurableTask.Core.</summary>
internal static class CoreFunctions
{
    public sealed class Chain : TaskOrchestration<object?, int>
    {
        public override async Task<object?> RunTask(OrchestrationContext context, int input)
        {
            var number = input;
            for (var i = 0; i < EngineFunctions.ChainLength; i++)
            {
                number = await context.ScheduleTask<int>(EngineFunctions.AddOne, string.Empty, number);
            }

            EngineFunctions.Check(number, input + EngineFunctions.ChainLength);
            return null;
        }
    }

    public sealed class FanOut : TaskOrchestration<object?, int>
    {
        public override async Task<object?> RunTask(OrchestrationContext context, int input)
        {
            var numbers = await Task.WhenAll(
                Enumerable.Range(0, input).Select(number => context.ScheduleTask<int>(EngineFunctions.AddOne, string.Empty, number))
            );
            EngineFunctions.Check(numbers.Sum(number => (long)number), EngineFunctions.SumOf(input));
            return null;
        }
    }

    public sealed class NotDurable : TaskOrchestration<object?, int>
    {
        public override async Task<object?> RunTask(OrchestrationContext context, int input)
        {
            await Task.Delay(1);
            return null;
        }
    }

    public sealed class AddOne : TaskActivity<int, int>
    {
        protected override int Execute(TaskContext context, int input) => EngineFunctions.Next(input);
    }
}
