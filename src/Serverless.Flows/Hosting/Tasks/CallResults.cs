namespace Serverless.Flows.Hosting;

/// <summary>What becomes of the values of a call's task runs, where that is not as the task declares.</summary>
/// <param name="IsUnkept">Whether they are kept no longer than the flow's history.</param>
/// <param name="Storage">The flow's result storage, for a task without one of its own; null for none.</param>
/// <param name="Serializer">The serializer's name; null for none.</param>
public sealed record CallResults(bool IsUnkept = false, string? Storage = null, string? Serializer = null)
{
    /// <summary>Where a task's values are stored; null for values that are results as usual.</summary>
    internal static Results.ResultDeclaration? PlaceOf(TaskDefinition task, CallResults? call) =>
        task.Results
        ?? (call is { Storage: { } storage } ? new(storage, Flows.Results.ResultKeyTemplate.DefaultOfTask, call.Serializer!) : null);
}
