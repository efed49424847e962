using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Serverless.Conformance.Tests.Fixtures;

namespace Serverless.Conformance.Tests.Scripts;

public static class DeterminismScripts
{
    /// <summary>Writes down, at each step and in each replay, what must be the same in all of them.</summary>
    [Function(nameof(WriteDown))]
    public static async Task<string[]> WriteDown([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        List<string> steps = [];
        Step("start");
        Step("same turn");
        await context.CallActivityAsync(nameof(Activities.Nothing));
        Step("activity");
        await context.CreateTimer(TimeSpan.FromMilliseconds(20), CancellationToken.None);
        Step("timer");
        context.SetCustomStatus("waiting");
        await context.WaitForExternalEvent<string>("go");
        Step("event");
        return [.. steps];

        void Step(string name)
        {
            var now = context.CurrentUtcDateTime;
            var step = $"{name} {now.Ticks} {now.Kind} {context.NewGuid()}";
            steps.Add(step);
            Probe.Of(context.InstanceId).Notes.Enqueue($"{step} {context.IsReplaying}");
        }
    }

    /// <summary>An orchestrator whose code the test changes while the instance waits.</summary>
    [Function(nameof(Changing))]
    public static async Task<string> Changing([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var extra = Task.CompletedTask;
        switch ((CodeChange)Probe.Of(context.InstanceId).Generation)
        {
            case CodeChange.OtherActivity:
                await context.CallActivityAsync(nameof(Activities.Nothing), "a");
                break;
            case CodeChange.TimerForActivity:
                await context.CreateTimer(TimeSpan.FromMilliseconds(1), CancellationToken.None);
                break;
            case CodeChange.ChildForActivity:
                await context.CallSubOrchestratorAsync<string>(nameof(LifecycleScripts.Answer), "a");
                break;
            case CodeChange.NoActivity:
                break;
            case CodeChange.End:
                return "ended before";
            case CodeChange.Throw:
                throw new ScriptException("changed");
            case CodeChange.OneMore:
                Task first = context.CallActivityAsync<string>(nameof(Activities.Echo), "a");
                extra = context.CallActivityAsync<int>(nameof(Activities.FailUntil), new FailUntilInput(context.InstanceId, 0));
                await first;
                break;
            case CodeChange.OtherInput:
                await context.CallActivityAsync<string>(nameof(Activities.Echo), "b");
                break;
            default:
                await context.CallActivityAsync<string>(nameof(Activities.Echo), "a");
                break;
        }

        context.SetCustomStatus("waiting");
        var answer = await context.WaitForExternalEvent<string>("go");
        await extra;
        return answer;
    }
}
