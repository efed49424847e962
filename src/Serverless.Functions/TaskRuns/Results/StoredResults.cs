using System.Text.Json;
using Serverless.Flows;
using Serverless.Flows.Hosting;
using Serverless.Server.Runs;

namespace Serverless.Functions.TaskRuns;

/// <summary>Reads the values of tasks that lie in result storages, for the API.</summary>
/// <param name="storages">The storages of the app.</param>
/// <param name="flows">The tasks of the app.</param>
internal sealed class StoredResults(ResultStorages storages, FlowRegistry flows) : IStoredResults
{
    public async Task<(Func<Stream, CancellationToken, Task>? Write, string? Gone)> OpenAsync(
        JsonElement data,
        CancellationToken cancellationToken
    )
    {
        if (StoredResult.Of(data) is not { } stored)
        {
            return (null, null);
        }

        try
        {
            var task = flows.TryGetMaker(stored.TaskKey, out var known) ? known : null;
            return (await storages.OpenJsonAsync(task, stored, cancellationToken), null);
        }
        catch (StoredResultException gone)
        {
            return (null, gone.Message);
        }
    }
}
