using Microsoft.Azure.Functions.Worker;
using Serverless.Flows;
using Serverless.Flows.Hosting;
using Serverless.Functions.Engine;

namespace Serverless.Functions.TaskRuns;

/// <summary>Reads the value of a task or flow from its result storage for a flow's body, which awaits it.</summary>
/// <param name="flows">The tasks of the app.</param>
/// <param name="storages">The storages of the app.</param>
public sealed class ReadStoredResult(FlowRegistry flows, ResultStorages storages)
{
    /// <summary>The activity. A value that is gone or too large is an answer: trying again does not change that.</summary>
    [Function(nameof(ReadStoredResult))]
    public async Task<Answered<StoredResultAnswer>> RunAsync(
        [ActivityTrigger] Asked<StoredResult> asked,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(asked);
        return asked.Answer(await ReadAsync(asked.Input, cancellationToken));
    }

    private async Task<StoredResultAnswer> ReadAsync(StoredResult input, CancellationToken cancellationToken)
    {
        if (!flows.TryGetMaker(input.TaskKey, out var task))
        {
            return new StoredResultAnswer(Gone: $"'{input.TaskKey}' is not registered in this app.");
        }

        try
        {
            return new StoredResultAnswer(await storages.ReadJsonAsync(task, input, cancellationToken));
        }
        catch (StoredResultException gone)
        {
            return new StoredResultAnswer(Gone: gone.Message);
        }
        catch (PayloadLimitException)
        {
            return new StoredResultAnswer(IsTooLarge: true);
        }
    }
}
