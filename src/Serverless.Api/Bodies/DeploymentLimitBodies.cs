using Serverless.Api.Http;
using Serverless.Core.Models;

namespace Serverless.Api.Bodies;

/// <summary>Checks what request bodies say of a deployment's concurrency limit.</summary>
internal static class DeploymentLimitBodies
{
    /// <summary>Refuses two limits for one deployment, in Prefect's words.</summary>
    /// <exception cref="InvalidRequestException">There are two.</exception>
    public static void Check(DeploymentChanges request)
    {
        if (request is { ConcurrencyLimit: not null, GlobalConcurrencyLimitId: not null })
        {
            throw new InvalidRequestException(
                new RequestError(
                    "value_error",
                    ["body"],
                    "Value error, A deployment cannot have both a concurrency limit and a global concurrency limit."
                )
            );
        }
    }
}
