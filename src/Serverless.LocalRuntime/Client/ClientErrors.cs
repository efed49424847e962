using Grpc.Core;
using Microsoft.DurableTask.Client;
using Serverless.LocalRuntime.Instances;

namespace Serverless.LocalRuntime.Client;

/// <summary>
/// What a client is told that asks something of an instance which cannot take it. The Functions host answers with these statuses
/// (Durable extension 3.18), and code that runs on both handles one kind of exception.
/// </summary>
internal static class ClientErrors
{
    /// <summary>There is no such instance, or it is not in a state for the call.</summary>
    /// <param name="instanceId">The instance's id.</param>
    /// <param name="record">The instance; null for none.</param>
    public static RpcException Refusal(string instanceId, InstanceRecord? record) =>
        record is null
            ? new RpcException(new Status(StatusCode.NotFound, $"There is no orchestration instance with the id '{instanceId}'."))
            : Refusal(instanceId, record.Status);

    /// <summary>The instance is not in a state for the call.</summary>
    public static RpcException Refusal(string instanceId, OrchestrationRuntimeStatus status) =>
        new(
            new Status(
                StatusCode.FailedPrecondition,
                $"The orchestration instance '{instanceId}' does not allow this operation: it is {status}."
            )
        );
}
