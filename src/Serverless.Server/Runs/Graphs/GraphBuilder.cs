using System.Net;
using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Server.Queries;

namespace Serverless.Server.Runs;

/// <summary>
/// Composes the graph of a flow run from its task runs and subflow runs, which may come in any order. What a task run takes as an argument
/// is an edge; what stands under the name <c>__parents__</c> is a task run whose code called it.
/// </summary>
/// <param name="flowRunId">The flow run.</param>
/// <param name="since">Nodes that ended before this time are left out.</param>
internal sealed class GraphBuilder(Guid flowRunId, DateTimeOffset since)
{
    /// <summary>The most nodes of a graph (Prefect's default setting).</summary>
    public const int MostNodes = 10_000;

    private const string CalledBy = "__parents__";

    // About what a node and an edge take in memory and in the answer.
    private const int BytesOfNode = 1000;
    private const int BytesOfEdge = 150;

    private readonly List<Draft> _drafts = [];
    private int _shown;

    /// <summary>Adds a task run that is no subflow's; one that has no time yet is not shown.</summary>
    public void Add(TaskRun task)
    {
        if ((task.StartTime ?? task.ExpectedStartTime) is { } start)
        {
            Add(task, new Draft(GraphNode.TaskRunKind, task.Id, task.Id, task.Name, task.StateType, start, EndOf(task)));
        }
    }

    /// <summary>Adds a subflow run in the place of the task run that stands for it.</summary>
    public void Add(TaskRun task, FlowRun subflow, string? flowName)
    {
        if ((subflow.StartTime ?? subflow.ExpectedStartTime ?? task.StartTime ?? task.ExpectedStartTime) is { } start)
        {
            var label = flowName is null ? subflow.Name : $"{flowName} / {subflow.Name}";
            var end = subflow.EndTime ?? EndOf(task);
            Add(task, new Draft(GraphNode.FlowRunKind, subflow.Id, task.Id, label, subflow.StateType ?? task.StateType, start, end));
        }
    }

    /// <summary>The nodes in the order in which they started, each with the ones around it.</summary>
    /// <param name="artifacts">The artifacts by task run.</param>
    public IReadOnlyList<GraphNode> Nodes(ILookup<Guid?, GraphArtifact> artifacts)
    {
        _drafts.Sort((a, b) => a.Order.CompareTo(b.Order));
        Dictionary<Guid, Draft> byId = [];
        foreach (var draft in _drafts)
        {
            // By the task run, too: that is what a task names whose argument is the value of a subflow.
            byId.TryAdd(draft.TaskRunId, draft);
            byId[draft.Id] = draft;
        }

        foreach (var draft in _drafts)
        {
            draft.Parents.AddRange(Known(draft.ParentIds));
            draft.Encapsulating.AddRange(Known(draft.CallerIds));
        }

        foreach (var draft in _drafts)
        {
            foreach (var parent in draft.Parents)
            {
                parent.Children.Add(draft);
            }
        }

        return [.. _drafts.Where(IsShown).Select(draft => draft.ToNode([.. artifacts[draft.Id]]))];

        IEnumerable<Draft> Known(IEnumerable<Guid> ids) =>
            ids.Select(id => byId.GetValueOrDefault(id)).OfType<Draft>().Distinct().OrderBy(draft => draft.Order);
    }

    private void Add(TaskRun task, Draft draft)
    {
        foreach ((var name, var inputs) in task.TaskInputs)
        {
            var ids = name == CalledBy ? draft.CallerIds : draft.ParentIds;
            ids.AddRange(inputs.Select(input => input.Id).OfType<Guid>());
        }

        if (IsShown(draft) && ++_shown > MostNodes)
        {
            throw new RequestRefusedException(
                HttpStatusCode.BadRequest,
                $"The graph of flow run {flowRunId} has more than {MostNodes} nodes."
            );
        }

        AnswerMemory.Take(BytesOfNode + (BytesOfEdge * 2L * (draft.ParentIds.Count + draft.CallerIds.Count)), fit: 0);
        _drafts.Add(draft);
    }

    private bool IsShown(Draft draft) => draft.End is null || draft.End >= since;

    private static DateTimeOffset? EndOf(TaskRun task) =>
        task.EndTime ?? (task.StateType == StateType.Completed ? task.ExpectedStartTime : null);

    private sealed class Draft(
        string kind,
        Guid id,
        Guid taskRunId,
        string label,
        StateType? stateType,
        DateTimeOffset start,
        DateTimeOffset? end
    )
    {
        public Guid Id => id;

        /// <summary>In the order in which they started.</summary>
        public (DateTimeOffset, DateTimeOffset, Guid) Order => (start, end ?? DateTimeOffset.MaxValue, id);

        public Guid TaskRunId => taskRunId;

        public DateTimeOffset? End => end;

        public List<Guid> ParentIds { get; } = [];

        public List<Guid> CallerIds { get; } = [];

        public List<Draft> Parents { get; } = [];

        public List<Draft> Children { get; } = [];

        public List<Draft> Encapsulating { get; } = [];

        public GraphNode ToNode(IReadOnlyList<GraphArtifact> artifacts) =>
            new()
            {
                Kind = kind,
                Id = id,
                Label = label,
                StateType = stateType,
                StartTime = start,
                EndTime = end,
                Parents = EdgesTo(Parents),
                Children = EdgesTo(Children),
                Encapsulating = EdgesTo(Encapsulating),
                Artifacts = artifacts,
            };

        private static IReadOnlyList<GraphEdge> EdgesTo(IEnumerable<Draft> drafts) => [.. drafts.Select(draft => new GraphEdge(draft.Id))];
    }
}
