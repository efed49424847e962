using System.Runtime.CompilerServices;
using Serverless.Core.Models;
using Serverless.Storage;

namespace Serverless.Server.Logs;

/// <summary>All lines of one flow run, however many there are.</summary>
public sealed class FlowRunLogs
{
    private readonly IRowStore _store;

    internal FlowRunLogs(IRowStore store) => _store = store;

    /// <summary>Reads the lines of a flow run and its task runs, oldest first, page by page as the caller asks for more.</summary>
    public async IAsyncEnumerable<Log> ReadAsync(Guid flowRunId, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var row in _store.ScanAsync(LogKeys.Lines(new LogPlace(flowRunId, null)), cancellationToken: cancellationToken))
        {
            yield return RowDocs.Read<Log>(row);
        }
    }
}
