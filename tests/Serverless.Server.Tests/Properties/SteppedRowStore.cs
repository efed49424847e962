using Serverless.Storage;
using Serverless.Storage.Columns;
using Serverless.Testing;

namespace Serverless.Server.Tests.Properties;

/// <summary>The rows as a process sees them whose operations wait for their turns, a commit's answer for another one.</summary>
/// <param name="rows">The rows, which outlive the process.</param>
/// <param name="schedule">Gives the turns.</param>
/// <param name="committed">Called after each commit, before anything else happens.</param>
internal sealed class SteppedRowStore(IRowStore rows, Schedule schedule, Action committed) : IRowStore
{
    public IColumnStore? Columns { get; } =
        rows.Columns is { } columns ? new ObservedColumnStore(columns, () => new ValueTask(schedule.TurnAsync())) : null;

    public async ValueTask<Row?> GetAsync(RowAddress address, CancellationToken cancellationToken = default)
    {
        await schedule.TurnAsync();
        return await rows.GetAsync(address, cancellationToken);
    }

    public async ValueTask<RowPage> QueryAsync(
        RowRange range,
        int limit = 1000,
        string? continuation = null,
        CancellationToken cancellationToken = default
    )
    {
        await schedule.TurnAsync();
        return await rows.QueryAsync(range, limit, continuation, cancellationToken);
    }

    public async ValueTask<CommitResult> CommitAsync(RowCommit commit, CancellationToken cancellationToken = default)
    {
        await schedule.TurnAsync();
        var result = await rows.CommitAsync(commit, cancellationToken);
        committed();
        await schedule.TurnAsync();
        return result;
    }

    public ValueTask<int> SweepAsync(CancellationToken cancellationToken = default) => rows.SweepAsync(cancellationToken);
}
