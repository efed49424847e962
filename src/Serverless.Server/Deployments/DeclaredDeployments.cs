using Serverless.Core.Models;
using Serverless.Server.Concurrency;
using Serverless.Server.Runs.Writing;
using Serverless.Storage;

namespace Serverless.Server.Deployments;

/// <summary>
/// Makes the stored deployments be as the code of this app instance says. Instances of the same code can do so at once; of instances of
/// different code, the last one holds.
/// </summary>
public sealed class DeclaredDeployments
{
    private readonly IRowStore _store;
    private readonly TimeProvider _time;
    private readonly DeploymentRows _rows;
    private readonly DeploymentService _deployments;
    private readonly ConcurrencyLimits _limits;
    private readonly DeploymentLimits _deploymentLimits;
    private readonly CommitRetry _retry;

    internal DeclaredDeployments(
        IRowStore store,
        TimeProvider time,
        DeploymentRows rows,
        DeploymentService deployments,
        ConcurrencyLimits limits,
        CommitRetry retry
    )
    {
        _store = store;
        _time = time;
        _rows = rows;
        _deployments = deployments;
        _limits = limits;
        _deploymentLimits = new DeploymentLimits(limits, deployments);
        _retry = retry;
    }

    /// <summary>
    /// Creates and changes the deployments that code says, and lets go of those that it does not say any more. Writes nothing where nothing
    /// has changed.
    /// </summary>
    /// <param name="specs">All that code says.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The ids of the flows, by their names.</returns>
    public async Task<IReadOnlyDictionary<string, Guid>> ApplyAsync(
        IReadOnlyList<DeploymentSpec> specs,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(specs);
        await TakeAwayAsync(specs, cancellationToken);
        Dictionary<string, Guid> flows = new(StringComparer.Ordinal);
        foreach (var spec in specs)
        {
            var deployment = await _deployments.EnsureDeploymentAsync(spec, cancellationToken);
            flows[spec.FlowName] = deployment.FlowId;

            // After the deployment's own commit: the limit has its name from the deployment's id. If the process dies in between, the next
            // start finds it missing. What code says wins over a limit that a client had the deployment share.
            if (
                spec.ConcurrencyLimit is { } limit
                && (
                    deployment.GlobalConcurrencyLimit is not null
                    || (await _limits.ShowAsync(deployment, cancellationToken)).GlobalConcurrencyLimit?.Limit != limit
                )
            )
            {
                await _deploymentLimits.SetOwnAsync(deployment.Id, limit, cancellationToken);
            }
        }

        return flows;
    }

    /// <summary>Takes away what code said earlier, and does not say any more, as far as one deployment's commit cannot do it.</summary>
    private async Task TakeAwayAsync(IReadOnlyList<DeploymentSpec> specs, CancellationToken cancellationToken)
    {
        var said = specs.ToDictionary(spec => DeploymentKeys.ByName(spec.FlowName, spec.Name));
        var flows = specs.Select(spec => spec.FlowName).ToHashSet(StringComparer.Ordinal);
        await foreach (var row in _store.ScanAsync(RowRange.WholeTable(DeploymentKeys.Deployments), cancellationToken: cancellationToken))
        {
            if (StoredDeployment.DeclaredIn(row) is not { } before)
            {
                continue;
            }

            var id = RowDocs.Read<Deployment>(row).Id;
            if (!said.TryGetValue(new RowAddress(DeploymentKeys.Deployments, row.PartitionKey, row.RowKey), out var spec))
            {
                await LetGoAsync(id, flows, cancellationToken);
            }
            else if (before.ConcurrencyLimit && spec.ConcurrencyLimit is null)
            {
                // Before the row forgets that it was code that said it.
                await _limits.SetDeploymentLimitAsync(id, null, cancellationToken);
            }
        }
    }

    /// <summary>
    /// Leaves a deployment to the operator, without the schedules of the code: nobody would look after what they start. What clients added
    /// stays.
    /// </summary>
    private async Task LetGoAsync(Guid id, HashSet<string> flows, CancellationToken cancellationToken) =>
        await _retry.RunAsync<bool>(
            async token =>
            {
                if (await _rows.FindAsync(id, token) is not { Declared: { } before } stored)
                {
                    return true;
                }

                var deployment = stored.Deployment with
                {
                    Updated = WireClock.Now(_time),
                    Schedules =
                    [
                        .. stored.Deployment.Schedules.Where(schedule =>
                            schedule.Slug is null || !before.Slugs.Contains(schedule.Slug, StringComparer.Ordinal)
                        ),
                    ],
                    Status = flows.Contains(stored.FlowName) ? stored.Deployment.Status : DeploymentStatus.NotReady,
                };
                return await _rows.TryReplaceAsync(stored with { Declared = null }, deployment, token) ? true : default(TryResult<bool>);
            },
            cancellationToken
        );
}
