using System.Collections.Concurrent;
using Grpc.Core;
using Microsoft.DurableTask.Protobuf;

namespace Serverless.FunctionApp.Tests.Fixtures;

/// <summary>
/// The service that the Durable extension offers to clients in the worker. It notes what is to be started, and starts nothing.
/// </summary>
internal sealed class DurableService : TaskHubSidecarService.TaskHubSidecarServiceBase
{
    /// <summary>The orchestrations to start, by the ids of their instances.</summary>
    public ConcurrentDictionary<string, CreateInstanceRequest> Started { get; } = new();

    /// <summary>The histories that it has, by the ids of their instances.</summary>
    public ConcurrentDictionary<string, IReadOnlyList<HistoryEvent>> Histories { get; } = new();

    /// <inheritdoc/>
    public override async Task StreamInstanceHistory(
        StreamInstanceHistoryRequest request,
        IServerStreamWriter<HistoryChunk> responseStream,
        ServerCallContext context
    )
    {
        if (!Histories.TryGetValue(request.InstanceId, out var history))
        {
            throw new RpcException(new Status(StatusCode.NotFound, "There is no such instance."));
        }

        foreach (var happened in history)
        {
            await responseStream.WriteAsync(new HistoryChunk { Events = { happened } });
        }
    }

    /// <inheritdoc/>
    public override Task<CreateInstanceResponse> StartInstance(CreateInstanceRequest request, ServerCallContext context)
    {
        Started[request.InstanceId] = request;
        return Task.FromResult(new CreateInstanceResponse { InstanceId = request.InstanceId });
    }
}
