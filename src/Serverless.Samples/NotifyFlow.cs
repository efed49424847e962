namespace Serverless.Samples;

/// <summary>A flow and a task that tell how they ended, by hooks.</summary>
public static class NotifyFlow
{
    /// <summary>Halves a number, which fails for odd ones.</summary>
    /// <param name="flow">The run.</param>
    /// <param name="number">The number.</param>
    /// <returns>A half of it.</returns>
    [Flow(
        "notify",
        Description = "Halves a number, and tells in its log how that ended.",
        OnRunning = [nameof(Begin)],
        OnCompletion = [nameof(Tell)],
        OnFailure = [nameof(Tell)],
        OnCancellation = [nameof(Tell)],
        OnCrashed = [nameof(Tell)]
    )]
    public static async Task<int> Run(FlowContext flow, int number = 4) => await flow.RunAsync(() => Halve(number));

    [Task(OnFailure = [nameof(TellAsync)])]
    internal static int Halve(int number) =>
        number % 2 == 0 ? number / 2 : throw new NonRetryableException($"{number} has no half that is an integer.");

    private static void Begin(HookContext hook) => hook.Logger.LogInformation("Begins with {Parameters}", hook.Parameters);

    private static void Tell(HookContext hook) =>
        hook.Logger.LogInformation(
            "The flow ended as {State} with {Result}",
            hook.State.Name,
            hook.State.IsCompleted ? hook.State.Result<int>() : hook.State.ErrorType
        );

    private static Task TellAsync(HookContext hook, CancellationToken cancellationToken)
    {
        // Here a service would be told, with the key by which it drops what it knows already.
        cancellationToken.ThrowIfCancellationRequested();
        hook.Logger.LogInformation("Task run {Name} ended as {State}: {Key}", hook.TaskRun?.TaskRunName, hook.State, hook.IdempotencyKey);
        return Task.CompletedTask;
    }
}
