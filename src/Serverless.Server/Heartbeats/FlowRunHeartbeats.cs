using System.Globalization;
using Serverless.Core.States;
using Serverless.Server.Runs;
using Serverless.Storage;

namespace Serverless.Server.Heartbeats;

/// <summary>
/// The heartbeats by which clients show that the flow runs which they execute are alive. A run that sent some and is silent for too long
/// is Crashed; one that never sent any is left alone. Runs of this app need none.
/// </summary>
public sealed class FlowRunHeartbeats
{
    /// <summary>How many runs a step ends at most.</summary>
    internal const int MostAtOnce = 500;

    /// <summary>
    /// How long a run may be silent after its first heartbeat: only the second one tells how often its client sends them.
    /// </summary>
    private static readonly TimeSpan AfterFirst = TimeSpan.FromHours(1);

    private readonly IRowStore _store;
    private readonly RunReader _reader;
    private readonly RunGate _gate;
    private readonly HeartbeatOptions _options;
    private readonly TimeProvider _time;

    // Since when heartbeats could come: not while this process did not run, nor while it could not read the store.
    private DateTimeOffset? _listeningSince;

    internal FlowRunHeartbeats(IRowStore store, RunReader reader, RunGate gate, HeartbeatOptions options, TimeProvider time)
    {
        _store = store;
        _reader = reader;
        _gate = gate;
        _options = options;
        _time = time;
    }

    /// <summary>Notes a heartbeat. Nothing is noted for a run that is not there, does not run, or runs in this app.</summary>
    /// <param name="flowRunId">The run.</param>
    /// <param name="occurred">When the client sent it first, by its own clock.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="RowStoreUnavailableException">The store is unavailable.</exception>
    public async Task BeatAsync(Guid flowRunId, DateTimeOffset occurred, CancellationToken cancellationToken = default)
    {
        if (await _reader.FlowRunAsync(flowRunId, cancellationToken) is not { } run || !CanBeDead(run))
        {
            return;
        }

        var now = _time.GetUtcNow();
        var address = StoredHeartbeat.Address(flowRunId);
        var heartbeat = await _store.GetAsync(address, cancellationToken) is { } row
            ? StoredHeartbeat.From(row).Next(now, occurred)
            : new StoredHeartbeat(flowRunId, now, occurred, TimeSpan.Zero, string.Empty);
        await _store.CommitAsync(new RowCommit().Add(RowOperation.Upsert(address, heartbeat.Properties())), cancellationToken);
    }

    /// <summary>Ends the runs that have been silent for too long, and forgets those that have ended. A bounded step.</summary>
    /// <returns>How many were ended.</returns>
    public async Task<int> EndZombiesAsync(CancellationToken cancellationToken = default)
    {
        if (_options.HeartbeatTimeoutSeconds == 0)
        {
            return 0;
        }

        var now = _time.GetUtcNow();
        var ended = 0;
        try
        {
            _listeningSince ??= now;
            await foreach (var row in _store.MergeAsync(StoredHeartbeat.All, cancellationToken: cancellationToken))
            {
                if (StoredHeartbeat.From(row) is var last && IsSilent(last, now) && await EndAsync(last, now, cancellationToken))
                {
                    ended++;
                }

                if (ended == MostAtOnce)
                {
                    break;
                }
            }
        }
        catch (RowStoreUnavailableException)
        {
            // Heartbeats did not come through either.
            _listeningSince = null;
            throw;
        }

        return ended;
    }

    private static bool CanBeDead(StoredFlowRun run) => !run.Registered && run.Run.StateType == StateType.Running;

    private bool IsSilent(StoredHeartbeat last, DateTimeOffset now)
    {
        var since = last.At > _listeningSince ? last.At : _listeningSince!.Value;
        var timeout = TimeSpan.FromSeconds(_options.HeartbeatTimeoutSeconds);
        var usual = last.Gap == TimeSpan.Zero ? AfterFirst : 3 * last.Gap;
        return now - since >= (usual > timeout ? usual : timeout);
    }

    private async Task<bool> EndAsync(StoredHeartbeat last, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var ended = false;
        var address = StoredHeartbeat.Address(last.FlowRunId);
        if (await _reader.ListedFlowRunAsync(last.FlowRunId, cancellationToken) is { } run && CanBeDead(run))
        {
            if ((await _store.GetAsync(address, cancellationToken))?.ETag != last.ETag)
            {
                // Its client has just sent one.
                return false;
            }

            var message = string.Create(
                CultureInfo.InvariantCulture,
                $"The client that executes the run sent no heartbeat for {(now - last.At).TotalSeconds:0} seconds."
            );
            ended =
                await _gate.SetFlowRunStateAsync(
                    last.FlowRunId,
                    ProposedStates.Crashed(message),
                    force: true,
                    basis: FlowRunBasis.StateOf(run.Run),
                    cancellationToken: cancellationToken
                ) is GateAnswer.Accepted;
        }

        await _store.CommitAsync(new RowCommit().Add(RowOperation.Delete(address, last.ETag)), cancellationToken);
        return ended;
    }
}
