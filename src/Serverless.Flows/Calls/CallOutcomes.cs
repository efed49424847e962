using Serverless.Flows.Hosting;

namespace Serverless.Flows.Calls;

/// <summary>
/// The outcomes of one call, or of all calls of a map. The futures of a map share one of these: what a map of 200,000 items keeps for an
/// item is a future and its outcome, and what waits, waits for a whole batch.
/// </summary>
/// <param name="count">How many calls.</param>
/// <param name="started">Completes with the batches, in order, when the calls are handed to the engine.</param>
internal sealed class CallOutcomes(int count, Task<IReadOnlyList<CallBatch>> started)
{
    private int[]? _ends;

    internal int Count => count;

    /// <summary>Completes when the calls are handed to the engine.</summary>
    internal Task Started => started;

    internal static CallOutcomes Of(Task<CallOutcome> call) => new(1, Task.FromResult<IReadOnlyList<CallBatch>>([CallBatch.Of(call)]));

    /// <summary>Whether a call is final, or ended in some other way.</summary>
    internal bool IsCompleted(int index) => BatchOf(index).IsCompleted;

    /// <summary>
    /// What ends when the call does. It may be shared with others; before the calls are handed to the engine, it is only that.
    /// </summary>
    internal Task BatchOf(int index) => started.IsCompletedSuccessfully ? Find(started.Result, index).Batch : started;

    /// <summary>Waits until a call is final.</summary>
    /// <exception cref="RunException">A run that the call depends on did not complete.</exception>
    /// <exception cref="OperationCanceledException">The flow run is being cancelled.</exception>
    internal async Task<CallOutcome> At(int index)
    {
        var (batch, place) = Find(await started, index);
        return (await batch)[place];
    }

    /// <summary>Waits until all calls are final.</summary>
    internal async Task AllAsync() => await Task.WhenAll((await started).Select(batch => batch.Outcomes));

    private (Task<IReadOnlyList<CallOutcome>> Batch, int Place) Find(IReadOnlyList<CallBatch> batches, int index)
    {
        if (batches.Count == count)
        {
            return (batches[index].Outcomes, 0);
        }

        var ends = _ends ??= EndsOf(batches);
        var found = Array.BinarySearch(ends, index + 1);
        var batch = found < 0 ? ~found : found;
        return (batches[batch].Outcomes, index - (ends[batch] - batches[batch].Count));
    }

    private static int[] EndsOf(IReadOnlyList<CallBatch> batches)
    {
        var ends = new int[batches.Count];
        var end = 0;
        for (var i = 0; i < ends.Length; i++)
        {
            ends[i] = end += batches[i].Count;
        }

        return ends;
    }
}
