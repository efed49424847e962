using Microsoft.AspNetCore.Http;
using Serverless.Core.Models;

namespace Serverless.Server.Runs;

/// <summary>
/// Where a run is to be executed. There are no work pools, queues of theirs and blocks yet: a request that names one is refused as Prefect
/// refuses the unknown, so that nobody takes for granted what does not happen.
/// </summary>
internal static class RunPlaces
{
    /// <summary>Refuses a place that is not there.</summary>
    /// <exception cref="RequestRefusedException">A work pool is named, or a place for a run that is executed here.</exception>
    /// <exception cref="RequestConflictException">A block is named.</exception>
    public static void Check(FlowRunCreate request, bool isExecutedHere)
    {
        if (request.WorkPoolName is { Length: > 0 } pool)
        {
            throw new RequestRefusedException(StatusCodes.Status404NotFound, $"Work pool \"{pool}\" not found.");
        }

        Check(request.InfrastructureDocumentId, request.JobVariables?.Count > 0, isExecutedHere);
        if (isExecutedHere && request.WorkQueueName is { Length: > 0 } queue)
        {
            throw new RequestRefusedException(
                StatusCodes.Status422UnprocessableEntity,
                $"Runs of the flow are executed here and wait in no work queue: leave out work_queue_name '{queue}'."
            );
        }
    }

    /// <summary>Refuses a place that is not there, for a run of a deployment.</summary>
    /// <exception cref="RequestRefusedException">A work queue is named, or a place for a run that is executed here.</exception>
    /// <exception cref="RequestConflictException">A block is named.</exception>
    public static void Check(Deployment deployment, DeploymentFlowRunCreate request, bool isExecutedHere)
    {
        if (request.WorkQueueName is { Length: > 0 } queue)
        {
            throw new RequestRefusedException(
                StatusCodes.Status400BadRequest,
                $"Cannot create flow run in work queue {queue} because deployment {deployment.Id} is not associated with a work pool."
            );
        }

        Check(request.InfrastructureDocumentId, request.JobVariables?.Count > 0, isExecutedHere);
    }

    private static void Check(Guid? block, bool hasVariables, bool isExecutedHere)
    {
        if (block is { } id)
        {
            throw new RequestConflictException($"Error creating flow run: there is no block document {id}.");
        }

        if (hasVariables && isExecutedHere)
        {
            throw new RequestRefusedException(
                StatusCodes.Status422UnprocessableEntity,
                "Runs of the flow are executed here, on no infrastructure of their own: leave out job_variables."
            );
        }
    }
}
