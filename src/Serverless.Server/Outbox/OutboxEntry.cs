using System.Text.Json;
using System.Text.Json.Serialization;
using Serverless.Core.States;

namespace Serverless.Server.Outbox;

/// <summary>Something to hand to the durable runtime, at least once; written in the commit that made it necessary.</summary>
/// <param name="Key">The entry's time and id, by which entries are ordered.</param>
/// <param name="Kind">What is to be done.</param>
/// <param name="FlowRunId">The flow run; for what belongs to a background task run, that one's own id.</param>
/// <param name="Generation">Which orchestration of the run is meant.</param>
/// <param name="StateType">The type of the state that was written; null for <see cref="OutboxKind.Purge"/>.</param>
public sealed record OutboxEntry(string Key, OutboxKind Kind, Guid FlowRunId, int Generation, StateType? StateType)
{
    /// <summary>For <see cref="OutboxKind.SlotGranted"/>: the orchestration instance that is meant.</summary>
    public string? Instance { get; init; }

    /// <summary>
    /// For <see cref="OutboxKind.SlotGranted"/>, the task run that waits, for <see cref="OutboxKind.Hooks"/> and
    /// <see cref="OutboxKind.Assets"/>, the one that has the state, for <see cref="OutboxKind.BackgroundTask"/> the one that is meant;
    /// null for the flow run.
    /// </summary>
    public Guid? TaskRunId { get; init; }

    /// <summary>For <see cref="OutboxKind.Hooks"/> and <see cref="OutboxKind.Assets"/>: the state that was written.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Guid? StateId { get; init; }

    /// <summary>
    /// The trace of who caused the entry: the W3C <c>traceparent</c>, and after a space the <c>tracestate</c>; null for none.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Trace { get; init; }

    /// <summary>The id of the orchestration instance that is meant: <c>{flow run id:N}-{generation}</c> unless it is named.</summary>
    [JsonIgnore]
    public string InstanceId => Instance ?? InstanceIdOf(FlowRunId, Generation);

    /// <summary>
    /// What the ids of all orchestration instances of a flow run begin with: its generations, and the batches of their maps.
    /// </summary>
    public static string InstancePrefixOf(Guid flowRunId) => $"{flowRunId:N}-";

    /// <summary>The id of a flow run's orchestration instance.</summary>
    public static string InstanceIdOf(Guid flowRunId, int generation) => $"{InstancePrefixOf(flowRunId)}{generation}";

    /// <summary>The id of the orchestration instance of a background task run.</summary>
    public static string BackgroundInstanceIdOf(Guid taskRunId) => $"{InstancePrefixOf(taskRunId)}background";

    /// <summary>The queue message that announces the entry: all of it, as JSON.</summary>
    public string ToMessage() => JsonSerializer.Serialize(this, OutboxJson.Default.OutboxEntry);

    /// <summary>The entry that a message announces.</summary>
    /// <exception cref="JsonException">The text is no message of this queue.</exception>
    public static OutboxEntry FromMessage(string message) =>
        JsonSerializer.Deserialize(message, OutboxJson.Default.OutboxEntry)
        ?? throw new JsonException("The message announces no outbox entry.");
}
