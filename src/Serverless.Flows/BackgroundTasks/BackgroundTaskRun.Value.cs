using System.Text.Json;
using Serverless.Core.States;
using Serverless.Flows.Hosting;

namespace Serverless.Flows;

/// <summary>A run of a task in the background, with a value.</summary>
/// <typeparam name="T">The value's type.</typeparam>
/// <param name="id">The task run's id.</param>
/// <param name="engine">Knows the run.</param>
public sealed class BackgroundTaskRun<T>(Guid id, IBackgroundTaskEngine engine) : BackgroundTaskRun(id, engine)
{
    /// <summary>Waits until the run has ended, and gives its value.</summary>
    /// <param name="cancellationToken">Ends the wait, not the run.</param>
    /// <returns>The value.</returns>
    /// <exception cref="RunException">The run did not complete.</exception>
    /// <exception cref="StoredResultException">The value is not in its result storage any more.</exception>
    /// <exception cref="PayloadLimitException">The value is in a result storage, and too large to be read as a whole.</exception>
    /// <exception cref="InvalidOperationException">There is no such run (any more).</exception>
    public async Task<T> ResultAsync(CancellationToken cancellationToken = default)
    {
        var ended = await EndedAsync(cancellationToken);
        var state = ended.State;
        if (typeof(T) != typeof(RunState) && RunFailure.Of(Full(ended), ended.Called) is { } error)
        {
            throw error;
        }

        return StoredResult.Of(state.Data) is { } stored
            ? JsonSerializer.Deserialize<T>(await Engine.ReadStoredAsync(stored, cancellationToken), FlowJson.Options)!
            : TaskFuture<T>.Parse(new CallOutcome(Id, state.Type, state.Name, state.Message, ended.ResultJson));
    }

    private static State Full(BackgroundTaskState ended) =>
        ended.ResultJson is { } json ? ended.State with { Data = JsonElement.Parse(json) } : ended.State;
}
