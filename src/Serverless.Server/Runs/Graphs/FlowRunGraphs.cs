using Serverless.Core.Filters;
using Serverless.Core.Models;
using Serverless.Server.Artifacts;
using Serverless.Server.Flows;
using Serverless.Server.Queries;
using Serverless.Storage;

namespace Serverless.Server.Runs;

/// <summary>How the task runs and subflow runs of a flow run depend on each other.</summary>
public sealed class FlowRunGraphs
{
    private readonly IRowStore _store;
    private readonly RunReader _reader;
    private readonly FlowRunQueries _flowRuns;
    private readonly FlowService _flows;
    private readonly GraphArtifacts _artifacts;
    private readonly TimeProvider _time;

    internal FlowRunGraphs(
        IRowStore store,
        RunReader reader,
        FlowRunQueries flowRuns,
        FlowService flows,
        GraphArtifacts artifacts,
        TimeProvider time
    )
    {
        _store = store;
        _reader = reader;
        _flowRuns = flowRuns;
        _flows = flows;
        _artifacts = artifacts;
        _time = time;
    }

    /// <summary>The task runs of a flow run with those that each depends on, newest id first; null when there is no such run.</summary>
    /// <exception cref="PageTooLargeException">They are too large together.</exception>
    public async Task<IReadOnlyList<TaskRunDependencies>?> ReadTaskRunsAsync(Guid flowRunId, CancellationToken cancellationToken = default)
    {
        if (await _reader.FlowRunAsync(flowRunId, cancellationToken) is null)
        {
            return null;
        }

        var now = _time.GetUtcNow();
        var runs = await Page.Of(0, int.MaxValue).TakeAsync(TaskRunsAsync(flowRunId, cancellationToken));
        return [.. runs.OrderByDescending(run => run.Id).Select(run => TaskRunDependencies.Of(run.WithEstimates(now)))];
    }

    /// <summary>The graph of a flow run; null when there is no such run.</summary>
    /// <param name="flowRunId">The flow run.</param>
    /// <param name="since">Nodes that ended before this time are left out.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="RequestRefusedException">It has too many nodes.</exception>
    public async Task<FlowRunGraph?> ReadAsync(Guid flowRunId, DateTimeOffset since, CancellationToken cancellationToken = default)
    {
        if (await _reader.FlowRunAsync(flowRunId, cancellationToken) is not { } stored)
        {
            return null;
        }

        var subflows = await SubflowsAsync(flowRunId, cancellationToken);
        Dictionary<Guid, string?> names = [];
        GraphBuilder graph = new(flowRunId, since);
        await foreach (var task in TaskRunsAsync(flowRunId, cancellationToken))
        {
            var runs = subflows.GetValueOrDefault(task.Id) ?? await ChildAsync(task, cancellationToken);
            foreach (var run in runs)
            {
                graph.Add(task, run, await NameAsync(run.FlowId, names, cancellationToken));
            }

            if (runs.Count == 0)
            {
                graph.Add(task);
            }
        }

        var artifacts = (await _artifacts.ReadAsync(flowRunId, cancellationToken)).ToLookup(
            found => found.TaskRunId,
            found => found.Artifact
        );
        var nodes = graph.Nodes(artifacts);
        var states = await Page.AllAsync(_reader.StatesAsync(stored, cancellationToken));
        return new FlowRunGraph(
            stored.Run.StartTime ?? stored.Run.ExpectedStartTime,
            stored.Run.EndTime,
            [.. nodes.Where(node => node.Parents.Count == 0).Select(node => node.Id)],
            [.. nodes.Select(node => new GraphEntry(node.Id, node))],
            [.. artifacts[null]],
            [.. states.Select(state => new GraphState(state.Id, state.Timestamp, state.Type, state.Name))]
        );
    }

    /// <summary>The subflow runs of a flow run, by the task run that stands for them.</summary>
    private async Task<Dictionary<Guid, List<FlowRun>>> SubflowsAsync(Guid flowRunId, CancellationToken cancellationToken)
    {
        Dictionary<Guid, List<FlowRun>> subflows = [];
        FlowRunQuery query = new() { FlowRuns = new FlowRunFilter { ParentFlowRunId = new IdFilter { Any = [flowRunId] } } };
        await foreach (var stored in _flowRuns.MatchAsync(query, withTaskRuns: false, cancellationToken))
        {
            if (stored.Run.ParentTaskRunId is { } taskRunId)
            {
                var run = stored.Run.WithoutValues();
                AnswerMemory.Take(RowSize.InMemory(run), fit: 0);
                if (!subflows.TryGetValue(taskRunId, out var runs))
                {
                    subflows.Add(taskRunId, runs = []);
                }

                runs.Add(run);
            }
        }

        return subflows;
    }

    /// <summary>A subflow run that was created before anybody knew where its task run belongs.</summary>
    private async ValueTask<IReadOnlyList<FlowRun>> ChildAsync(TaskRun task, CancellationToken cancellationToken) =>
        task.State?.StateDetails.ChildFlowRunId is { } child
        && await _reader.ListedFlowRunAsync(child, cancellationToken) is { } stored
        && stored.Run.ParentTaskRunId == task.Id
            ? [stored.Run]
            : [];

    private async ValueTask<string?> NameAsync(Guid flowId, Dictionary<Guid, string?> known, CancellationToken cancellationToken)
    {
        if (!known.TryGetValue(flowId, out var name))
        {
            known.Add(flowId, name = (await _flows.GetAsync(flowId, cancellationToken))?.Name);
        }

        return name;
    }

    private async IAsyncEnumerable<TaskRun> TaskRunsAsync(
        Guid flowRunId,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        await foreach (var row in _store.TaskRunRowsAsync(flowRunId, cancellationToken))
        {
            yield return TaskRunRows.Read(row);
        }
    }
}
