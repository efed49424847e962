using System.Net;
using Serverless.Core.Models;
using Serverless.Server.Concurrency;

namespace Serverless.Server.Deployments;

/// <summary>
/// Which concurrency limit a deployment has: one of its own, one that it shares with others, or none. The deployment's row names a shared
/// one. One of its own has its name from the deployment's id, and does not count while the row names another.
/// </summary>
internal sealed class DeploymentLimits(ConcurrencyLimits limits, DeploymentService deployments)
{
    /// <summary>The shared limit that a request names, in the form in which the deployment's row keeps it; null for none.</summary>
    /// <exception cref="RequestRefusedException">There is no such limit.</exception>
    public async ValueTask<GlobalConcurrencyLimit?> SharedByAsync(DeploymentChanges request, CancellationToken cancellationToken) =>
        request.GlobalConcurrencyLimitId is not { } id ? null
        : await limits.GetAsync(id, cancellationToken) is { } limit ? limit.Reference
        : throw new RequestRefusedException(HttpStatusCode.NotFound, "Concurrency limit not found");

    /// <summary>Does what a request says of the limit, after the deployment's row has been written.</summary>
    /// <param name="id">The deployment.</param>
    /// <param name="request">The request.</param>
    /// <param name="shared">The shared limit that it names, and the row names now, too.</param>
    /// <param name="before">The one that the row named before.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task ApplyAsync(
        Guid id,
        DeploymentChanges request,
        GlobalConcurrencyLimit? shared,
        GlobalConcurrencyLimit? before,
        CancellationToken cancellationToken
    )
    {
        if (request.SetsOwnLimit)
        {
            await SetOwnAsync(id, request.ConcurrencyLimit, cancellationToken);
        }
        else if (shared is not null && shared != before)
        {
            await limits.OnBoundAsync(id, before?.Id ?? ConcurrencyKeys.IdOfDeployment(id), cancellationToken);
        }
    }

    /// <summary>
    /// Gives a deployment a limit of its own, or none. Its own one is set first: until the row stops naming a shared one, that one counts.
    /// The shared one stays as it is.
    /// </summary>
    public async Task SetOwnAsync(Guid id, int? limit, CancellationToken cancellationToken)
    {
        await limits.SetDeploymentLimitAsync(id, limit, cancellationToken);
        GlobalConcurrencyLimit? before = null;
        await deployments.UpdateAsync(
            id,
            (stored, _) =>
            {
                before = stored.GlobalConcurrencyLimit;
                return before is null ? stored : stored with { GlobalConcurrencyLimit = null };
            },
            cancellationToken
        );
        if (before is not null)
        {
            await limits.OnBoundAsync(id, before.Id, cancellationToken);
        }
    }
}
