using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Serverless.Flows;

/// <summary>
/// What a hook is told: the run, the state that it is called for, and a log. A hook is called at least once for each event, and exactly
/// once as long as no process dies while it runs.
/// </summary>
public sealed class HookContext
{
    /// <summary>The flow run; of a hook of a task, the one that called the task, and empty for a background task run.</summary>
    public required FlowRunInfo Run { get; init; }

    /// <summary>The flow run's parameters: a JSON object.</summary>
    public JsonElement Parameters => JsonElement.Parse(Run.ParametersJson);

    /// <summary>The task run; null for a hook of a flow.</summary>
    public TaskRunInfo? TaskRun { get; init; }

    /// <summary>
    /// The state for which the hook is called. The run may have gone on since. If it has not, the state has the run's result
    /// (<see cref="RunState.Result{T}"/>).
    /// </summary>
    public required RunState State { get; init; }

    /// <summary>The log of the run, from level Information.</summary>
    public ILogger Logger { get; init; } = NullLogger.Instance;

    /// <summary>
    /// Names the hook's effect in other systems: the same in every repetition after a crash, different for every other hook, event and
    /// run. Give it to services that drop repeated requests.
    /// </summary>
    public required string IdempotencyKey { get; init; }

    /// <summary>
    /// Of a commit or rollback hook: the values of the transaction (<see cref="FlowTransaction.Set{T}"/>). Null for none.
    /// </summary>
    public IReadOnlyDictionary<string, JsonElement>? Values { get; init; }

    /// <summary>Cancelled when the host stops: the hook is called again by the next one.</summary>
    public CancellationToken CancellationToken { get; init; }

    /// <summary>A value of the transaction that is committed or rolled back.</summary>
    /// <typeparam name="T">The value's type.</typeparam>
    /// <param name="name">The value's name.</param>
    /// <returns>The value.</returns>
    /// <exception cref="KeyNotFoundException">No value of that name was set.</exception>
    public T Get<T>(string name) => TransactionValues.Get<T>(Values, name);
}
