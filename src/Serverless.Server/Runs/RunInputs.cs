using System.Runtime.CompilerServices;
using Serverless.Core.Ids;
using Serverless.Core.Models;
using Serverless.Server.Outbox;
using Serverless.Server.Queries;
using Serverless.Server.Runs.Writing;
using Serverless.Storage;

namespace Serverless.Server.Runs;

/// <summary>Inputs of flow runs: texts by key, such as what a paused run asks for and was answered.</summary>
public sealed class RunInputs
{
    /// <summary>In the order in which they were written.</summary>
    private static readonly Comparer<FlowRunInput> Oldest = Comparer<FlowRunInput>.Create(
        (a, b) =>
            Nullable.Compare(a.Created, b.Created) is var order && order != 0
                ? order
                : string.CompareOrdinal(a.Id.ToString("N"), b.Id.ToString("N"))
    );

    private readonly IRowStore _store;
    private readonly RunReader _reader;
    private readonly RunWriter _writer;
    private readonly CommitRetry _retry;
    private readonly TimeProvider _time;
    private readonly IIdGenerator _ids;

    internal RunInputs(IRowStore store, RunReader reader, RunWriter writer, CommitRetry retry, TimeProvider time, IIdGenerator ids)
    {
        _store = store;
        _reader = reader;
        _writer = writer;
        _retry = retry;
        _time = time;
        _ids = ids;
    }

    /// <summary>The input of a key; null when there is none, or no such flow run.</summary>
    public async Task<string?> GetAsync(Guid flowRunId, string key, CancellationToken cancellationToken = default) =>
        await _reader.FlowRunAsync(flowRunId, cancellationToken) is not null
        && await _store.GetAsync(InputRows.Address(flowRunId, key), cancellationToken) is { } row
            ? RowTexts.Read(row)
            : null;

    /// <summary>
    /// The inputs whose keys begin with a text, those that were written first before the others; none when there is no such flow run.
    /// </summary>
    /// <exception cref="PageTooLargeException">They are too large together.</exception>
    public async Task<IReadOnlyList<FlowRunInput>> FilterAsync(
        Guid flowRunId,
        FlowRunInputQuery query,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(query);
        return await _reader.FlowRunAsync(flowRunId, cancellationToken) is null
            ? []
            : await Page.Of(0, query.Limit).SortAsync(MatchAsync(flowRunId, query, cancellationToken), Oldest);
    }

    /// <summary>Writes an input, over the one that was there; false when there is no such flow run.</summary>
    /// <exception cref="RowStoreUnavailableException">The store is unavailable; whether the input was written is unknown.</exception>
    public Task<bool> SetAsync(Guid flowRunId, string key, string value, CancellationToken cancellationToken = default) =>
        ChangeAsync(
            flowRunId,
            _ => new ValueTask<RowOperation?>(RowOperation.Upsert(InputRows.Address(flowRunId, key), New(flowRunId, key, value, null))),
            cancellationToken
        );

    /// <summary>Writes a new input; false when there is no such flow run.</summary>
    /// <exception cref="RequestConflictException">The key has an input.</exception>
    /// <exception cref="RowStoreUnavailableException">The store is unavailable; whether the input was written is unknown.</exception>
    public Task<bool> CreateAsync(Guid flowRunId, FlowRunInputCreate request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var address = InputRows.Address(flowRunId, request.Key);
        return ChangeAsync(
            flowRunId,
            async token =>
                await _store.GetAsync(address, token) is null
                    ? RowOperation.Insert(address, New(flowRunId, request.Key, request.Value, request.Sender))
                    : throw new RequestConflictException("A flow run input with this key already exists."),
            cancellationToken,
            tells: true
        );
    }

    /// <summary>
    /// Takes the oldest input that nobody has received, for the flow run itself; null when there is none: then its orchestration is told of
    /// the next one.
    /// </summary>
    /// <param name="flowRunId">The flow run.</param>
    /// <param name="keyPrefix">What the input's key begins with.</param>
    /// <param name="number">The number of the wish. The input that was taken under it is given again.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<FlowRunInput?> ReceiveAsync(Guid flowRunId, string keyPrefix, int number, CancellationToken cancellationToken = default) =>
        _retry.RunAsync<FlowRunInput?>(
            async token =>
            {
                if (await _reader.FlowRunAsync(flowRunId, token) is not { } run)
                {
                    return new TryResult<FlowRunInput?>(null);
                }

                (FlowRunInput Input, Row Row)? next = null;
                await foreach (var row in _store.ScanAsync(InputRows.All(flowRunId), pageSize: 64, token))
                {
                    if (!InputRows.KeyOf(row).StartsWith(keyPrefix, StringComparison.Ordinal))
                    {
                        continue;
                    }

                    var received = InputRows.ReceivedAs(row);
                    if (received is not null && received != number)
                    {
                        continue;
                    }

                    var input = InputRows.Read(flowRunId, row);
                    if (received == number)
                    {
                        return input;
                    }

                    next = next is { } older && Oldest.Compare(older.Input, input) <= 0 ? older : (input, row);
                }

                if (next is null && run.AwaitsInput)
                {
                    return new TryResult<FlowRunInput?>(null);
                }

                FlowRunChange change = new()
                {
                    Before = run,
                    After = run with { AwaitsInput = true },
                    With = next is { } taken
                        ?
                        [
                            RowOperation.Replace(
                                InputRows.Address(flowRunId, taken.Input.Key),
                                InputRows.Received(taken.Input, number),
                                taken.Row.ETag
                            ),
                        ]
                        : [],
                };

                // One that only makes itself known has to look once more: an input may have been written before.
                return (await _writer.TryWriteAsync(change, token)).Succeeded && next is { } got
                    ? got.Input
                    : default(TryResult<FlowRunInput?>);
            },
            cancellationToken
        );

    /// <summary>Deletes an input; false when there is none.</summary>
    public Task<bool> DeleteAsync(Guid flowRunId, string key, CancellationToken cancellationToken = default)
    {
        var address = InputRows.Address(flowRunId, key);
        return ChangeAsync(
            flowRunId,
            async token => await _store.GetAsync(address, token) is { } row ? RowOperation.Delete(address, row.ETag) : null,
            cancellationToken
        );
    }

    /// <summary>The row of an input, to be written with a change of its run.</summary>
    internal RowOperation Write(Guid flowRunId, string key, string value) =>
        RowOperation.Upsert(InputRows.Address(flowRunId, key), New(flowRunId, key, value, null));

    /// <summary>Makes one change; false when there is no such flow run, or nothing to change.</summary>
    private Task<bool> ChangeAsync(
        Guid flowRunId,
        Func<CancellationToken, ValueTask<RowOperation?>> prepare,
        CancellationToken cancellationToken,
        bool tells = false
    ) =>
        _retry.RunAsync<bool>(
            async token =>
            {
                if (await _reader.FlowRunAsync(flowRunId, token) is not { } run || await prepare(token) is not { } operation)
                {
                    return false;
                }

                // The run's row is written as it is: a deletion meanwhile makes the commit fail.
                FlowRunChange change = new()
                {
                    Before = run,
                    After = run,
                    With = [operation],
                    Entries = tells && run is { Registered: true, AwaitsInput: true } ? [NewsOf(run)] : [],
                };
                return (await _writer.TryWriteAsync(change, token)).Succeeded ? true : default(TryResult<bool>);
            },
            cancellationToken
        );

    private OutboxEntry NewsOf(StoredFlowRun run) =>
        OutboxRows.Create(_ids.NewId(), WireClock.Now(_time), OutboxKind.Input, run.Run.Id, run.Generation, run.Run.StateType);

    private async IAsyncEnumerable<FlowRunInput> MatchAsync(
        Guid flowRunId,
        FlowRunInputQuery query,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        HashSet<string> excluded = [.. query.ExcludeKeys];
        await foreach (var row in _store.ScanAsync(InputRows.All(flowRunId), pageSize: 64, cancellationToken))
        {
            var key = InputRows.KeyOf(row);
            if (key.StartsWith(query.Prefix, StringComparison.Ordinal) && !excluded.Contains(key))
            {
                yield return InputRows.Read(flowRunId, row);
            }
        }
    }

    private RowProperties New(Guid flowRunId, string key, string value, string? sender) =>
        InputRows.Of(
            new FlowRunInput
            {
                Id = _ids.NewId(),
                Created = WireClock.Now(_time),
                FlowRunId = flowRunId,
                Key = key,
                Value = value,
                Sender = sender,
            }
        );
}
