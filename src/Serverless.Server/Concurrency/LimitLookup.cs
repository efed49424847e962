using System.Collections.Concurrent;
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
    private int _created;

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
    public async ValueTask<LimitedDeployment?> OfDeploymentAsync(Guid deploymentId, CancellationToken cancellationToken)
    {
        var name = ConcurrencyKeys.NameOfDeployment(deploymentId);
        if (IsKnownAbsent(name))
        {
            return LimitedDeployment.Unlimited;
        }

        return await deployments.GetAsync(deploymentId, cancellationToken) is { } deployment
            ? new LimitedDeployment(await ReadAsync(name, cancellationToken), deployment.ConcurrencyOptions)
            : null;
    }

    /// <summary>A limit has been created, or has this name from now on: it counts.</summary>
    public void OnNamed(string name)
    {
        Interlocked.Increment(ref _created);
        _absentUntil.TryRemove(name, out _);
    }

    private bool IsKnownAbsent(string name) => _absentUntil.TryGetValue(name, out var until) && time.GetUtcNow() < until;

    private async ValueTask<StoredLimit?> ReadAsync(string name, CancellationToken cancellationToken)
    {
        var created = Volatile.Read(ref _created);
        var limit = await reader.ReadAsync(name, cancellationToken);
        if (limit is null)
        {
            if (_absentUntil.Count >= MaxAbsent)
            {
                _absentUntil.Clear();
            }

            _absentUntil[name] = time.GetUtcNow() + Memory;
            if (created != Volatile.Read(ref _created))
            {
                // Perhaps this one, after it was looked for.
                _absentUntil.TryRemove(name, out _);
            }
        }

        return limit;
    }
}
