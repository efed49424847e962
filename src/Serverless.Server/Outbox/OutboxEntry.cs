using Serverless.Core.States;

namespace Serverless.Server.Outbox;

/// <summary>Something to hand to the durable runtime, at least once; written in the commit that made it necessary.</summary>
/// <param name="Key">The entry's row key: its time and id. Names it towards <see cref="OutboxStore"/>.</param>
/// <param name="Kind">What is to be done.</param>
/// <param name="FlowRunId">The flow run.</param>
/// <param name="Generation">Which orchestration of the run is meant.</param>
/// <param name="State">The state that was written; null for <see cref="OutboxKind.Purge"/>.</param>
public sealed record OutboxEntry(string Key, OutboxKind Kind, Guid FlowRunId, int Generation, State? State)
{
    /// <summary>The id of the orchestration instance that is meant: <c>{flow run id:N}-{generation}</c>.</summary>
    public string InstanceId => InstanceIdOf(FlowRunId, Generation);

    /// <summary>The id of a flow run's orchestration instance.</summary>
    public static string InstanceIdOf(Guid flowRunId, int generation) => $"{flowRunId:N}-{generation}";
}
