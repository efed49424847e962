using Microsoft.Extensions.Logging;
using Serverless.Core.Filters;
using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Core.Transitions;
using Serverless.Server.Runs.Writing;

namespace Serverless.Server.Runs;

/// <summary>Changes or deletes many flow runs, one run after the other; each is judged and written on its own.</summary>
public sealed partial class FlowRunBulk(FlowRunService runs, RunGate gate, CommitRetry retry, ILogger<FlowRunBulk> logger)
{
    /// <summary>Proposes the state for the newest runs that match; one that fails does not keep it from the others.</summary>
    /// <param name="request">The state, and which runs.</param>
    /// <param name="client">The version of the Prefect client that proposes; null for anybody else.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<BulkSetStateResponse> SetStateAsync(
        BulkSetStateRequest request,
        ClientVersion? client = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(request);
        FlowRunQuery query = new()
        {
            FlowRuns = request.FlowRuns,
            Sort = FlowRunSort.IdDesc,
            Limit = request.Limit ?? BulkSetStateRequest.MaxLimit,
        };
        List<FlowRunOrchestrationResult> results = [];
        foreach (var run in await runs.FilterAsync(query, cancellationToken))
        {
            results.Add(await SetStateAsync(run, request, client, cancellationToken));
        }

        return new BulkSetStateResponse(results);
    }

    /// <summary>
    /// Deletes the newest runs that match. One that has changed since it was found goes only if it still matches.
    /// </summary>
    public async Task<BulkDeleted> DeleteAsync(FlowRunBulkDelete request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        FlowRunQuery query = new()
        {
            FlowRuns = request.FlowRuns,
            Sort = FlowRunSort.IdDesc,
            Limit = request.Limit,
        };
        List<Guid> deleted = [];
        foreach (var run in await runs.FilterAsync(query, cancellationToken))
        {
            var known = run;
            var isGone = await retry.RunAsync<bool>(
                async token =>
                {
                    if (known is null)
                    {
                        return false;
                    }

                    if (await runs.DeleteAsync(run.Id, FlowRunBasis.StateOf(known), token))
                    {
                        return true;
                    }

                    known = await FindAsync(run.Id, request.FlowRuns, token);
                    return default;
                },
                cancellationToken
            );
            if (isGone)
            {
                deleted.Add(run.Id);
            }
        }

        return new BulkDeleted(deleted);
    }

    private async Task<FlowRunOrchestrationResult> SetStateAsync(
        FlowRun run,
        BulkSetStateRequest request,
        ClientVersion? client,
        CancellationToken cancellationToken
    )
    {
        var flowRunId = run.Id;
        try
        {
            var known = run;
            return await retry.RunAsync<FlowRunOrchestrationResult>(
                async token =>
                {
                    if (known is null)
                    {
                        return Aborted(flowRunId, "The run has changed meanwhile, and is none of those that were asked for any more.");
                    }

                    var answer = await gate.SetFlowRunStateAsync(
                        flowRunId,
                        request.State,
                        request.Force,
                        client,
                        FlowRunBasis.StateOf(known),
                        token
                    );
                    if (answer is GateAnswer.Moved)
                    {
                        known = await FindAsync(flowRunId, request.FlowRuns, token);
                        return default;
                    }

                    return answer.ToResult() is { } result
                        ? new FlowRunOrchestrationResult
                        {
                            FlowRunId = flowRunId,
                            Status = result.Status,
                            State = result.State,
                            Details = result.Details,
                        }
                        : Aborted(flowRunId, $"Flow run with id {flowRunId} not found");
                },
                cancellationToken
            );
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
#pragma warning disable CA1031 // The caller is told what became of each run, the log why.
        catch (Exception error)
#pragma warning restore CA1031
        {
            LogFailed(logger, error, flowRunId);
            return Aborted(flowRunId, error.Message);
        }
    }

    /// <summary>A run that has changed since it was found, if the filter still matches it.</summary>
    private async Task<FlowRun?> FindAsync(Guid flowRunId, FlowRunFilter? filter, CancellationToken cancellationToken) =>
        await runs.ReadAsync(flowRunId, cancellationToken) is { } found
        && (filter?.Matches(found.Run, found.Stored.ParentFlowRunId) ?? true)
            ? found.Run
            : null;

    private static FlowRunOrchestrationResult Aborted(Guid flowRunId, string reason) =>
        new()
        {
            FlowRunId = flowRunId,
            Status = SetStateStatus.Abort,
            State = null,
            Details = new StateAbortDetails(reason),
        };

    [LoggerMessage(LogLevel.Error, "Setting the state of flow run {FlowRunId} failed; the bulk operation continues with the next.")]
    private static partial void LogFailed(ILogger logger, Exception error, Guid flowRunId);
}
