using Serverless.Storage;

namespace Serverless.Server.Runs;

/// <summary>Inputs of flow runs: texts by key, such as what a paused run asks for and was answered.</summary>
public sealed class RunInputs(IRowStore store)
{
    /// <summary>The input of a key; null when there is none.</summary>
    public async Task<string?> GetAsync(Guid flowRunId, string key, CancellationToken cancellationToken = default) =>
        await store.GetAsync(Address(flowRunId, key), cancellationToken) is { } row ? RowTexts.Read(row) : null;

    /// <summary>Writes an input, over the one that was there; false when there is no such flow run.</summary>
    public async Task<bool> SetAsync(Guid flowRunId, string key, string value, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            var run = await store.GetAsync(RunKeys.FlowRun(flowRunId), cancellationToken);
            if (run is null || StoredFlowRun.IsTombstone(run))
            {
                return false;
            }

            // The run's row is written as it is: a deletion meanwhile makes the commit fail.
            RowCommit commit = new();
            commit.Add(RowOperation.Replace(RunKeys.FlowRun(flowRunId), run.Properties, run.ETag));
            commit.Add(Write(flowRunId, key, value));
            if ((await store.CommitAsync(commit, cancellationToken)).Succeeded)
            {
                return true;
            }
        }
    }

    internal static RowOperation Write(Guid flowRunId, string key, string value) =>
        RowOperation.Upsert(Address(flowRunId, key), RowTexts.Of(value));

    private static RowAddress Address(Guid flowRunId, string key) => RunKeys.Input(flowRunId, BoundedKey.From(key));
}
