using Serverless.Core.States;
using Serverless.Storage;

namespace Serverless.Server.Runs.Writing;

/// <summary>The rows of what a run's own row has no room for.</summary>
internal static class HistoryRows
{
    public static void AddTo(
        RowCommit commit,
        RunHistory? before,
        RunHistory after,
        IReadOnlyList<State> moved,
        Func<State, RowAddress> stateRow,
        RowAddress resultRow,
        string? resultJson
    )
    {
        foreach (var state in moved)
        {
            commit.Add(RowOperation.Upsert(stateRow(state), RowDocs.Of(state)));
        }

        if (after.HasResultRow && resultJson is not null)
        {
            commit.Add(RowOperation.Upsert(resultRow, RowTexts.Of(resultJson)));
        }
        else if (before?.HasResultRow == true && !after.HasResultRow)
        {
            commit.Add(RowOperation.Delete(resultRow));
        }
    }
}
