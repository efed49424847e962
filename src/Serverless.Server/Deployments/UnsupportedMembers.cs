using System.Net;
using Serverless.Core.Models;

namespace Serverless.Server.Deployments;

/// <summary>
/// Refuses what a deployment may have in Prefect and cannot have here yet, so that nobody takes for granted what does not happen: work
/// pools and queues, and blocks.
/// </summary>
internal static class UnsupportedMembers
{
    /// <summary>Refuses what is not there.</summary>
    /// <exception cref="RequestRefusedException">A work pool or queue is named.</exception>
    /// <exception cref="RequestConflictException">A block is named.</exception>
    public static void Check(DeploymentChanges request)
    {
        if (request.WorkPoolName is { Length: > 0 } pool)
        {
            throw new RequestRefusedException(HttpStatusCode.NotFound, $"Work pool \"{pool}\" not found.");
        }

        if (request.WorkQueueName is { Length: > 0 } queue)
        {
            throw new RequestRefusedException(
                HttpStatusCode.UnprocessableContent,
                $"There are no work queues yet: leave out work_queue_name '{queue}'."
            );
        }

        if ((request.StorageDocumentId ?? request.InfrastructureDocumentId) is { } block)
        {
            throw new RequestConflictException($"Error creating deployment: there is no block document {block}.");
        }
    }
}
