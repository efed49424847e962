using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;

namespace Serverless.Server.Flows;

/// <summary>The flows that this app executes. Runs of all others belong to remote clients, which set their states themselves.</summary>
public sealed class RegisteredFlows
{
    private FrozenDictionary<Guid, RegisteredFlow> _flows = FrozenDictionary<Guid, RegisteredFlow>.Empty;

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
