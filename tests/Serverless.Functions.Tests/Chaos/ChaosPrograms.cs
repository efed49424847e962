using Serverless.Flows;
using Serverless.Functions.Tests.Fixtures;

namespace Serverless.Functions.Tests.Chaos;

/// <summary>Flow bodies as words of letters.</summary>
internal static class ChaosPrograms
{
    /// <summary>The body of a word.</summary>
    public static Func<FlowContext, Task<int>> BodyOf(string program) =>
        async flow =>
        {
            var value = 0;
            foreach (var step in program)
            {
                value += await StepAsync(flow, step);
            }

            return value;
        };

    private static async Task<int> StepAsync(FlowContext flow, char step)
    {
        switch (step)
        {
            case 'D':
                return await flow.RunAsync((Work work) => work.Do(1));
            case 'F':
                return await flow.RunAsync((Work work) => work.Fail(1));
            case 'M':
                return (await flow.Map(Enumerable.Range(0, 3), (Work work, int number) => work.Do(number))).Length;
            case 'B':
                return (await flow.Map(Enumerable.Range(0, 101), (Work work, int number) => work.Do(number))).Length;
            case 'S':
                await flow.SleepAsync(TimeSpan.FromSeconds(20));
                return 0;
            case 'P':
                await flow.PauseAsync(TimeSpan.FromHours(1));
                return 0;
            case 'U':
                await flow.SuspendAsync(TimeSpan.FromHours(1));
                return 0;
            case 'C':
                return await flow.RunAsync(() => Scripts.Count(4));
            case 'X' when flow.Run.RunCount == 1:
                throw new InvalidOperationException("the first attempt fails");
            default:
                return 0;
        }
    }
}
