using DurableTask.Core.History;
using Grpc.Core;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Converters;
using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Functions.Hosting;
using Serverless.Functions.Storage;
using Serverless.Server.Flows;
using Serverless.Server.Outbox;
using Serverless.Server.Runs;

namespace Serverless.Functions.Histories;

/// <summary>Reads histories from the durable client of the host, the embedded one or that of the Functions host.</summary>
/// <param name="client">The client.</param>
/// <param name="runs">The stored runs.</param>
/// <param name="flows">The stored flows.</param>
public sealed class FlowRunHistories(DurableTaskClient client, FlowRunService runs, FlowService flows) : IFlowRunHistories
{
    private static readonly JsonDataConverter Converter = new(FunctionsPayloads.CreateOptions());

    /// <inheritdoc/>
    public async Task<FlowRunHistory> ExportAsync(Guid flowRunId, CancellationToken cancellationToken = default)
    {
        if (await runs.ReadAsync(flowRunId, cancellationToken) is not { } stored)
        {
            return new FlowRunHistory(FlowRunHistoryKind.NoRun, "Flow run not found");
        }

        if (stored.Generation == 0)
        {
            return None("it is executed by a client, not by this app.");
        }

        IList<HistoryEvent> history;
        try
        {
            history = await client.GetOrchestrationHistoryAsync(OutboxEntry.InstanceIdOf(flowRunId, stored.Generation), cancellationToken);
        }
        catch (ArgumentException)
        {
            return Absent(stored.Run);
        }
        catch (Exception error) when (error is NotSupportedException or RpcException { StatusCode: StatusCode.Unimplemented })
        {
            return new FlowRunHistory(FlowRunHistoryKind.NotOffered, "The durable backend of this host gives no histories.");
        }

        if (!history.Any(happened => happened is ExecutionStartedEvent))
        {
            return Absent(stored.Run);
        }

        var flow = await flows.GetAsync(stored.Run.FlowId, cancellationToken);
        return flow is null
            ? None("its flow was deleted.")
            : new FlowRunHistory(FlowRunHistoryKind.Found, new HistoryRecorder(Converter).Record(flow.Name, history).ToJson());
    }

    private static FlowRunHistory Absent(FlowRun run) =>
        run.StateType?.IsFinal() != true ? None("it has not begun.")
        : run.StartTime is null ? None("it ended before it began.")
        : new FlowRunHistory(
            FlowRunHistoryKind.Gone,
            $"Flow run has no history any more: it is removed {HistoryPurge.Grace.TotalMinutes:0} minutes after the end of the run."
        );

    private static FlowRunHistory None(string reason) => new(FlowRunHistoryKind.None, $"Flow run has no history: {reason}");
}
