using Microsoft.DurableTask.Client;
using Serverless.Server.Outbox;

namespace Serverless.Functions.Outbox;

/// <summary>
/// Ends and purges every orchestration of a deleted flow run. It finds them by their ids: on the Functions host a recursive
/// terminate or purge does not reach the batches of a map. Several removals of the same run may be under way at once.
/// </summary>
/// <param name="client">The durable runtime.</param>
/// <param name="time">The clock that bounds the wait.</param>
internal sealed class OrchestrationRemoval(DurableTaskClient client, TimeProvider time)
{
    private const int PageSize = 100;
    private const int AtOnce = 16;

    /// <summary>How long the removal waits for orchestrations to end; then the sweep of the outbox continues.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>
    /// For how long after its last change an ended instance may come back. On Azure Storage a message that is already in memory writes the
    /// status of a terminated instance again, also after the purge.
    /// </summary>
    internal static readonly TimeSpan Settling = TimeSpan.FromMinutes(1);

    /// <summary>Removes the orchestrations of a run, as far as they have ended in time.</summary>
    public async Task<RemainingOrchestrations> RemoveAsync(Guid flowRunId, CancellationToken cancellationToken)
    {
        OrchestrationQuery query = new() { InstanceIdPrefix = OutboxEntry.InstancePrefixOf(flowRunId), PageSize = PageSize };
        List<OrchestrationMetadata> found = [];
        await foreach (var instance in client.GetAllInstancesAsync(query).WithCancellation(cancellationToken))
        {
            found.Add(instance);
        }

        // All are told before one is waited for, so that the flow's own orchestration starts no further batch meanwhile.
        await ForEachAsync(found.Where(instance => !instance.IsCompleted), TerminateAsync, cancellationToken);
        using CancellationTokenSource patience = new(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            await ForEachAsync(found.Where(instance => !instance.IsCompleted), WaitAsync, either.Token);
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return RemainingOrchestrations.Open;
        }

        await ForEachAsync(found, PurgeAsync, cancellationToken);
        var settled = time.GetUtcNow() - Settling;
        return found.TrueForAll(instance => instance.IsCompleted && instance.LastUpdatedAt <= settled)
            ? RemainingOrchestrations.None
            : RemainingOrchestrations.Possible;
    }

    private static Task ForEachAsync(
        IEnumerable<OrchestrationMetadata> instances,
        Func<string, CancellationToken, Task> action,
        CancellationToken cancellationToken
    ) =>
        Parallel.ForEachAsync(
            instances,
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
            async (instance, cancellation) => await action(instance.InstanceId, cancellation)
        );

    private Task TerminateAsync(string instanceId, CancellationToken cancellationToken) =>
        TryAsync(
            instanceId,
            () => client.TerminateInstanceAsync(instanceId, "The flow run was deleted.", cancellationToken),
            left => left.IsCompleted,
            cancellationToken
        );

    private Task WaitAsync(string instanceId, CancellationToken cancellationToken) =>
        TryAsync(
            instanceId,
            () => client.WaitForInstanceCompletionAsync(instanceId, getInputsAndOutputs: false, cancellationToken),
            left => left.IsCompleted,
            cancellationToken
        );

    private Task PurgeAsync(string instanceId, CancellationToken cancellationToken) =>
        TryAsync(instanceId, () => client.PurgeInstanceAsync(instanceId, cancellationToken), left => false, cancellationToken);

    /// <summary>Does something to an instance. An error does not matter when another removal, or the instance itself, was faster.</summary>
    private async Task TryAsync(
        string instanceId,
        Func<Task> action,
        Func<OrchestrationMetadata, bool> isDone,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await action();
        }
#pragma warning disable CA1031 // Each durable backend has exceptions of its own for an instance that is gone.
        catch (Exception error) when (error is not OperationCanceledException)
#pragma warning restore CA1031
        {
            if (await client.GetInstanceAsync(instanceId, getInputsAndOutputs: false, cancellationToken) is { } left && !isDone(left))
            {
                throw;
            }
        }
    }
}
