namespace Serverless.Flows;

/// <summary>The names of hooks, as an attribute lists them.</summary>
/// <param name="All">The names for each event.</param>
internal sealed record HookNames(IReadOnlyList<(HookEvent Event, IReadOnlyList<string> Names)> All)
{
    internal static HookNames Of(FlowAttribute settings) =>
        new([
            (HookEvent.Running, settings.OnRunning),
            (HookEvent.Completion, settings.OnCompletion),
            (HookEvent.Failure, settings.OnFailure),
            (HookEvent.Cancellation, settings.OnCancellation),
            (HookEvent.Crashed, settings.OnCrashed),
        ]);

    internal static HookNames Of(TaskAttribute settings) =>
        new([
            (HookEvent.Running, settings.OnRunning),
            (HookEvent.Completion, settings.OnCompletion),
            (HookEvent.Failure, settings.OnFailure),
            (HookEvent.Cancellation, settings.OnCancellation),
            (HookEvent.Crashed, settings.OnCrashed),
            (HookEvent.Commit, settings.OnCommit),
            (HookEvent.Rollback, settings.OnRollback),
        ]);
}
