using Grpc.Core;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;
using Serverless.Core.States;
using Serverless.Server.Runs;
using Serverless.Storage;

namespace Serverless.Functions.Storage;

/// <summary>
/// Purges the histories of orchestrations whose run has ended: what a run was, did and returned is in rows of its own, and nobody reads
/// its history any more.
/// </summary>
/// <param name="runs">The stored runs.</param>
/// <param name="taskRuns">The stored task runs.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">The host's log.</param>
public sealed partial class HistoryPurge(FlowRunService runs, TaskRunService taskRuns, TimeProvider time, ILogger<HistoryPurge> logger)
{
    private const int PageSize = 200;
    private const int AtOnce = 8;

    /// <summary>
    /// How long a history stays after its orchestration's last change: for people who investigate, and far longer than late
    /// messages of the durable backend and repeated deliveries of the outbox are under way.
    /// </summary>
    internal static readonly TimeSpan Grace = TimeSpan.FromHours(1);

    /// <summary>How long one pass works; the next one continues from there.</summary>
    internal static readonly TimeSpan Pass = TimeSpan.FromSeconds(20);

    private string? _continuation;
    private int _isRunning;

    /// <summary>Goes through a part of the ended orchestrations and purges those of ended runs.</summary>
    /// <returns>How many were purged.</returns>
    public async Task<int> RunAsync(DurableTaskClient client, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(client);
        if (Interlocked.Exchange(ref _isRunning, 1) != 0)
        {
            return 0;
        }

        try
        {
            return await PassAsync(client, cancellationToken);
        }
        finally
        {
            Volatile.Write(ref _isRunning, 0);
        }
    }

    /// <summary>The flow run that an orchestration belongs to; null for one that is none of this app's.</summary>
    internal static Guid? FlowRunOf(string instanceId) =>
        instanceId.Length > 33 && instanceId[32] == '-' && Guid.TryParseExact(instanceId.AsSpan(0, 32), "N", out var id) ? id : null;

    private async Task<int> PassAsync(DurableTaskClient client, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var settled = time.GetUtcNow() - Grace;
        OrchestrationQuery query = new()
        {
            Statuses = [OrchestrationRuntimeStatus.Completed, OrchestrationRuntimeStatus.Failed, OrchestrationRuntimeStatus.Terminated],
            CreatedTo = settled,
            PageSize = PageSize,
        };
        var purged = 0;
        var from = Interlocked.Exchange(ref _continuation, null);
        await foreach (var page in client.GetAllInstancesAsync(query).AsPages(from, PageSize).WithCancellation(cancellationToken))
        {
            List<string> over = [];
            foreach (
                var ofRun in page
                    .Values.Where(instance => instance.LastUpdatedAt <= settled)
                    .GroupBy(instance => FlowRunOf(instance.InstanceId))
            )
            {
                if (ofRun.Key is { } flowRunId && await IsOverAsync(flowRunId, cancellationToken))
                {
                    over.AddRange(ofRun.Select(instance => instance.InstanceId));
                }
            }

            purged += await PurgeAsync(client, over, cancellationToken);
            if (time.GetElapsedTime(started) >= Pass)
            {
                _continuation = page.ContinuationToken;
                break;
            }
        }

        return purged;
    }

    /// <summary>
    /// Whether nothing can come to ask for the run's orchestrations: it has ended, and so has the run that it is a part of.
    /// </summary>
    private async Task<bool> IsOverAsync(Guid flowRunId, CancellationToken cancellationToken)
    {
        try
        {
            if (await runs.ReadAsync(flowRunId, cancellationToken) is not { } run)
            {
                // Deleted, unless it is a background task run: a deletion removes its orchestrations by itself, with a wait of its own.
                return (await taskRuns.GetAsync(flowRunId, cancellationToken))?.StateType?.IsFinal() == true;
            }

            return run.Run.StateType?.IsFinal() == true
                && (
                    run.ParentFlowRunId is not { } parentId
                    || (await runs.GetAsync(parentId, cancellationToken))?.StateType?.IsFinal() != false
                );
        }
        catch (RowDamagedException)
        {
            // What cannot be told of one run does not keep the histories of the others.
            return false;
        }
    }

    private async Task<int> PurgeAsync(DurableTaskClient client, List<string> instanceIds, CancellationToken cancellationToken)
    {
        var purged = 0;
        await Parallel.ForEachAsync(
            instanceIds,
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
            async (id, cancellation) =>
            {
                try
                {
                    var result = await client.PurgeInstanceAsync(id, cancellation);
                    Interlocked.Add(ref purged, result.PurgedInstanceCount);
                }
                catch (RpcException error) when (error.StatusCode is StatusCode.FailedPrecondition or StatusCode.NotFound)
                {
                    // Another instance of the app was faster, or somebody has started it again.
                    LogLeft(logger, id);
                }
            }
        );
        return purged;
    }

    [LoggerMessage(LogLevel.Debug, "The history of orchestration {Id} is kept.")]
    private static partial void LogLeft(ILogger logger, string id);
}
