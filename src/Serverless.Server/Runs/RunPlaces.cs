using System.Net;
using Serverless.Core.Models;

namespace Serverless.Server.Runs;

/// <summary>
/// Checks where a request wants a run to be executed. There are no work pools, work queues and blocks yet. A request that names one is
/// refused, as Prefect refuses unknown ones, and not silently ignored.
/// </summary>
internal static class RunPlaces
{
    /// <summary>Refuses places that do not exist.</summary>
    /// <exception cref="RequestRefusedException">A work pool is named, or a place for a run of this app.</exception>
    /// <exception cref="RequestConflictException">A block is named.</exception>
    public static void Check(FlowRunCreate request, bool runsInThisApp)
    {
        if (request.WorkPoolName is { Length: > 0 } pool)
        {
            throw new RequestRefusedException(HttpStatusCode.NotFound, $"Work pool \"{pool}\" not found.");
        }

        Check(request.InfrastructureDocumentId, request.JobVariables?.Count > 0, runsInThisApp);
        if (runsInThisApp && request.WorkQueueName is { Length: > 0 } queue)
        {
            throw new RequestRefusedException(
                HttpStatusCode.UnprocessableContent,
                $"Runs of the flow run in this app and wait in no work queue: leave out work_queue_name '{queue}'."
            );
        }
    }

    /// <summary>Refuses places that do not exist, for a run of a deployment.</summary>
    /// <exception cref="RequestRefusedException">A work queue is named, or a place for a run of this app.</exception>
    /// <exception cref="RequestConflictException">A block is named.</exception>
    public static void Check(Deployment deployment, DeploymentFlowRunCreate request, bool runsInThisApp)
    {
        if (request.WorkQueueName is { Length: > 0 } queue)
        {
            throw new RequestRefusedException(
                HttpStatusCode.BadRequest,
                $"Cannot create flow run in work queue {queue} because deployment {deployment.Id} is not associated with a work pool."
            );
        }

        Check(request.InfrastructureDocumentId, request.JobVariables?.Count > 0, runsInThisApp);
    }

    private static void Check(Guid? block, bool hasVariables, bool runsInThisApp)
    {
        if (block is { } id)
        {
            throw new RequestConflictException($"Error creating flow run: there is no block document {id}.");
        }

        CheckVariables(hasVariables, runsInThisApp);
    }

    /// <summary>Refuses variables of infrastructure for a run that has none.</summary>
    /// <exception cref="RequestRefusedException">The run is one of this app.</exception>
    public static void CheckVariables(bool hasVariables, bool runsInThisApp)
    {
        if (hasVariables && runsInThisApp)
        {
            throw new RequestRefusedException(
                HttpStatusCode.UnprocessableContent,
                "Runs of the flow run in this app, on no infrastructure of their own: leave out job_variables."
            );
        }
    }
}
