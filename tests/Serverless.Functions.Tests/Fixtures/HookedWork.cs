using System.Text.Json;
using Microsoft.Extensions.Logging;
using Serverless.Flows;

namespace Serverless.Functions.Tests.Fixtures;

/// <summary>A flow and tasks with hooks, which note what they are called for. The bodies are the probe's.</summary>
internal sealed class HookedWork(Probe probe)
{
    public const string Hooked = "hooked";

    [Flow(
        Hooked,
        Retries = 1,
        RetryDelaySeconds = [60],
        OnRunning = [nameof(Begin)],
        OnCompletion = [nameof(Break), nameof(TellAsync)],
        OnFailure = [nameof(TellAsync)],
        OnCancellation = [nameof(TellAsync)],
        OnCrashed = [nameof(TellAsync)]
    )]
    public Task<int> RunAsync(FlowContext flow, string body)
    {
        probe.Note($"body {body}");
        return probe.Bodies[body](flow);
    }

    [Task(
        Retries = 1,
        RetryDelaySeconds = [10],
        OnRunning = [nameof(Begin)],
        OnCompletion = [nameof(TellAsync)],
        OnFailure = [nameof(TellAsync)],
        OnCancellation = [nameof(TellAsync)]
    )]
    public async Task<int> DoAsync(int number, TaskContext task = null!)
    {
        if (number < 0)
        {
            throw new InvalidOperationException($"{number} is negative");
        }

        if (number == 0)
        {
            probe.Note("held");
            await probe.PassAsync("hold", task.CancellationToken);
        }

        return number;
    }

    internal void Begin(HookContext hook) => probe.Note($"begin {NameOf(hook)}");

    private static void Break(HookContext hook) => throw new InvalidOperationException($"{hook.Run.FlowName} is told in vain");

    private async Task TellAsync(HookContext hook, CancellationToken cancellationToken)
    {
        probe.Note("telling");
        await probe.PassAsync("hook", cancellationToken);
        var result = hook.State.IsCompleted ? $" with {hook.State.Result<JsonElement>()}" : "";
        hook.Logger.LogInformation("told of {State}", hook.State.Name);
        probe.Note($"{NameOf(hook)} {hook.State.Name}{result}");
        probe.Note($"key {hook.IdempotencyKey}");
    }

    private static string NameOf(HookContext hook) => hook.TaskRun?.TaskRunName ?? hook.Parameters.GetProperty("body").GetString()!;
}
