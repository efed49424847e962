using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using Serverless.Core.States;

namespace Serverless.Server.Flows;

/// <summary>The flows that this app executes. Runs of all others belong to remote clients, which set their states themselves.</summary>
public sealed class RegisteredFlows
{
    private FrozenDictionary<Guid, RegisteredFlow> _flows = FrozenDictionary<Guid, RegisteredFlow>.Empty;
    private FrozenDictionary<string, RegisteredTask> _tasks = FrozenDictionary<string, RegisteredTask>.Empty;

    /// <summary>Adds a flow; the host does so for each of its flows before it serves requests.</summary>
    public void Add(RegisteredFlow flow)
    {
        ArgumentNullException.ThrowIfNull(flow);

        // Rare writes, frequent reads: each write swaps in a new dictionary.
        FrozenDictionary<Guid, RegisteredFlow> before,
            after;
        do
        {
            before = _flows;
            after = before.Values.Where(other => other.Id != flow.Id).Append(flow).ToFrozenDictionary(each => each.Id);
        } while (Interlocked.CompareExchange(ref _flows, after, before) != before);
    }

    /// <summary>Says which tasks have hooks or assets; the host does so before it serves requests.</summary>
    public void SetTasks(IEnumerable<RegisteredTask> tasks) => _tasks = tasks.ToFrozenDictionary(task => task.Key, StringComparer.Ordinal);

    /// <summary>Whether hooks of a flow are called when a run of it enters a state.</summary>
    internal bool HasHook(Guid flowId, StateType state) => _flows.TryGetValue(flowId, out var flow) && flow.HookedStates.Contains(state);

    /// <summary>Whether hooks of a task are called when a run of it enters a state.</summary>
    internal bool HasHook(string taskKey, StateType state) =>
        _tasks.TryGetValue(taskKey, out var task) && task.HookedStates.Contains(state);

    /// <summary>What was said of a task; null for one without hooks and assets.</summary>
    internal RegisteredTask? FindTask(string taskKey) => _tasks.GetValueOrDefault(taskKey);

    /// <summary>Whether runs of the flow run in this app.</summary>
    public bool Contains(Guid flowId) => _flows.ContainsKey(flowId);

    /// <summary>The flow of an id.</summary>
    public bool TryGet(Guid flowId, [NotNullWhen(true)] out RegisteredFlow? flow) => _flows.TryGetValue(flowId, out flow);

    /// <summary>The flow of a name.</summary>
    public bool TryGet(string name, [NotNullWhen(true)] out RegisteredFlow? flow)
    {
        flow = _flows.Values.FirstOrDefault(each => each.Name == name);
        return flow is not null;
    }
}
