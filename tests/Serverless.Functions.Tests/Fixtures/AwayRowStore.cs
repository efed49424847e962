using Serverless.Storage;
using Serverless.Storage.Columns;
using Serverless.Testing;

namespace Serverless.Functions.Tests.Fixtures;

/// <summary>
/// A store that a test takes away and brings back, as a server behind a network is. What was asked for meanwhile fails
/// with an unknown outcome: a commit may have been applied, or not, or is still on its way and comes to the store later.
/// </summary>
internal sealed class AwayRowStore(IRowStore rows) : IRowStore
{
    private readonly Lock _lock = new();
    private readonly List<RowCommit> _onTheirWay = [];
    private Random _dice = new(0);
    private bool _away;
    private int _refusals;

    public IColumnStore? Columns => rows.Columns is { } columns ? new ObservedColumnStore(columns, () => RefuseAsync(null)) : null;

    /// <summary>How many calls have failed.</summary>
    public int Refusals => Volatile.Read(ref _refusals);

    /// <summary>Takes the store away; the seed decides what becomes of commits.</summary>
    public void Leave(int seed)
    {
        lock (_lock)
        {
            _dice = new Random(seed);
            _away = true;
        }
    }

    public void Return()
    {
        lock (_lock)
        {
            _away = false;
        }
    }

    public async ValueTask<Row?> GetAsync(RowAddress address, CancellationToken cancellationToken = default)
    {
        await RefuseAsync(null);
        return await rows.GetAsync(address, cancellationToken);
    }

    public async ValueTask<RowPage> QueryAsync(
        RowRange range,
        int limit = 1000,
        string? continuation = null,
        CancellationToken cancellationToken = default
    )
    {
        await RefuseAsync(null);
        return await rows.QueryAsync(range, limit, continuation, cancellationToken);
    }

    public async ValueTask<CommitResult> CommitAsync(RowCommit commit, CancellationToken cancellationToken = default)
    {
        await RefuseAsync(commit);
        return await rows.CommitAsync(commit, cancellationToken);
    }

    public async ValueTask<int> SweepAsync(CancellationToken cancellationToken = default)
    {
        await RefuseAsync(null);
        return await rows.SweepAsync(cancellationToken);
    }

    private async ValueTask RefuseAsync(RowCommit? commit)
    {
        RowCommit? applied = null;
        bool refused;
        lock (_lock)
        {
            refused = _away;
            if (!refused && _onTheirWay.Count > 0 && _dice.Next(3) == 0)
            {
                applied = _onTheirWay[0];
                _onTheirWay.RemoveAt(0);
            }
            else if (refused && commit is not null)
            {
                switch (_dice.Next(3))
                {
                    case 0:
                        applied = commit;
                        break;
                    case 1:
                        _onTheirWay.Add(commit);
                        break;
                    default:
                        break;
                }
            }
        }

        if (applied is not null)
        {
            await rows.CommitAsync(applied);
        }

        if (refused)
        {
            Interlocked.Increment(ref _refusals);
            throw new RowStoreUnavailableException("The store is away.");
        }
    }
}
