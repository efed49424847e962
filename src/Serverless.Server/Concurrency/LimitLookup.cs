using System.Collections.Concurrent;
using Serverless.Core.Models;
using Serverless.Core.Transitions;
using Serverless.Server.Deployments;

namespace Serverless.Server.Concurrency;

/// <summary>
/// Finds the limits that a run is bound by. That a tag or deployment has none is remembered for a few seconds, so that runs without limits
/// cost no request; a limit that another process creates counts here after them.
/// </summary>
internal sealed class LimitLookup(LimitReader reader, DeploymentService deployments, TimeProvider time)
{
    /// <summary>For how long it is remembered that there is no limit.</summary>
    public static readonly TimeSpan Memory = TimeSpan.FromSeconds(10);

    private const int MaxAbsent = 10_000;

    private readonly ConcurrentDictionary<string, DateTimeOffset> _absentUntil = new(StringComparer.Ordinal);
    private int _named;

    /// <summary>The limits that some tags have.</summary>
    public async ValueTask<IReadOnlyList<StoredLimit>> OfTagsAsync(IReadOnlyList<string> tags, CancellationToken cancellationToken)
    {
        List<StoredLimit> limits = [];
        foreach (var tag in tags.Distinct(StringComparer.Ordinal))
        {
            var name = ConcurrencyKeys.NameOfTag(tag);
            if (!IsKnownAbsent(name) && await ReadAsync(name, cancellationToken) is { } limit)
            {
                limits.Add(limit);
            }
        }

        return limits;
    }

    /// <summary>A deployment's limit and options; null when there is no such deployment.</summary>
    /// <param name="deploymentId">The deployment.</param>
    /// <param name="held">What a run of the deployment holds, perhaps of another limit that was the deployment's then.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async ValueTask<LimitedDeployment?> OfDeploymentAsync(
        Guid deploymentId,
        SlotLease? held = null,
        CancellationToken cancellationToken = default
    )
    {
        var name = ConcurrencyKeys.NameOfDeployment(deploymentId);
        if (IsKnownAbsent(name))
        {
            return LimitedDeployment.Unlimited;
        }

        var named = Volatile.Read(ref _named);
        if (await deployments.GetAsync(deploymentId, cancellationToken) is not { } deployment)
        {
            return null;
        }

        if (await FindAsync(deployment, cancellationToken) is not { } limit)
        {
            OnAbsent(name, named);
            return new LimitedDeployment(null, deployment.ConcurrencyOptions);
        }

        var other = held is { LimitIds: [var from] } && from != limit.Id ? await reader.ReadAsync(from, cancellationToken) : null;
        return new LimitedDeployment(limit, deployment.ConcurrencyOptions) { Other = other };
    }

    /// <summary>The limit of a deployment: the one that it shares with others, or its own. Null for none.</summary>
    public async ValueTask<StoredLimit?> FindAsync(Deployment deployment, CancellationToken cancellationToken) =>
        deployment.GlobalConcurrencyLimit is not { } shared
            ? await reader.ReadAsync(ConcurrencyKeys.NameOfDeployment(deployment.Id), cancellationToken)
        : await reader.ReadAsync(shared.Id, cancellationToken) is { } limit && limit.Is(shared) ? limit
        : null;

    /// <summary>A limit has been created, or has this name, or is this deployment's from now on: it counts.</summary>
    public void OnNamed(string name)
    {
        Interlocked.Increment(ref _named);
        _absentUntil.TryRemove(name, out _);
    }

    private bool IsKnownAbsent(string name) => _absentUntil.TryGetValue(name, out var until) && time.GetUtcNow() < until;

    private async ValueTask<StoredLimit?> ReadAsync(string name, CancellationToken cancellationToken)
    {
        var named = Volatile.Read(ref _named);
        var limit = await reader.ReadAsync(name, cancellationToken);
        if (limit is null)
        {
            OnAbsent(name, named);
        }

        return limit;
    }

    private void OnAbsent(string name, int named)
    {
        if (_absentUntil.Count >= MaxAbsent)
        {
            _absentUntil.Clear();
        }

        _absentUntil[name] = time.GetUtcNow() + Memory;
        if (named != Volatile.Read(ref _named))
        {
            // Perhaps this one, after it was looked for.
            _absentUntil.TryRemove(name, out _);
        }
    }
}
