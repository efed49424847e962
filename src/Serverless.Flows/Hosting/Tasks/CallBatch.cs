namespace Serverless.Flows.Hosting;

/// <summary>Calls of one map whose outcomes arrive together.</summary>
/// <param name="Count">How many calls; at least one.</param>
/// <param name="Outcomes">Completes with one outcome for each call, in order, when all are final.</param>
public sealed record CallBatch(int Count, Task<IReadOnlyList<CallOutcome>> Outcomes)
{
    /// <summary>A batch of one call.</summary>
    /// <param name="call">The call.</param>
    public static CallBatch Of(Task<CallOutcome> call)
    {
        return new CallBatch(1, ListAsync());

        async Task<IReadOnlyList<CallOutcome>> ListAsync() => [await call];
    }
}
