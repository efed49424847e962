using Serverless.Server.Runs.Writing;
using Serverless.Storage;

namespace Serverless.Server.Runs;

/// <summary>Inputs of flow runs: texts by key, such as what a paused run asks for and was answered.</summary>
public sealed class RunInputs
{
    private readonly IRowStore _store;
    private readonly RunReader _reader;
    private readonly RunWriter _writer;
    private readonly CommitRetry _retry;

    internal RunInputs(IRowStore store, RunReader reader, RunWriter writer, CommitRetry retry)
    {
        _store = store;
        _reader = reader;
        _writer = writer;
        _retry = retry;
    }

    /// <summary>The input of a key; null when there is none.</summary>
    public async Task<string?> GetAsync(Guid flowRunId, string key, CancellationToken cancellationToken = default) =>
        await _store.GetAsync(Address(flowRunId, key), cancellationToken) is { } row ? RowTexts.Read(row) : null;

    /// <summary>Writes an input, over the one that was there; false when there is no such flow run.</summary>
    /// <exception cref="RowStoreUnavailableException">The store is unavailable; whether the input was written is unknown.</exception>
    public Task<bool> SetAsync(Guid flowRunId, string key, string value, CancellationToken cancellationToken = default) =>
        _retry.RunAsync<bool>(
            async token =>
            {
                if (await _reader.FlowRunAsync(flowRunId, token) is not { } run)
                {
                    return false;
                }

                // The run's row is written as it is: a deletion meanwhile makes the commit fail.
                FlowRunChange change = new()
                {
                    Before = run,
                    After = run,
                    With = [Write(flowRunId, key, value)],
                };
                return (await _writer.TryWriteAsync(change, token)).Succeeded ? true : default(TryResult<bool>);
            },
            cancellationToken
        );

    internal static RowOperation Write(Guid flowRunId, string key, string value) =>
        RowOperation.Upsert(Address(flowRunId, key), RowTexts.Of(value));

    private static RowAddress Address(Guid flowRunId, string key) => RunKeys.Input(flowRunId, BoundedKey.From(key));
}
