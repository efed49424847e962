using System.Collections.Concurrent;
using Serverless.Flows.Hosting;

namespace Serverless.TestDoubles;

/// <summary>Gives a run the inputs that a test has written, and remembers those that it sends.</summary>
internal sealed class InMemoryInputs : IInputEngine
{
    /// <summary>What the run receives, in order.</summary>
    public ConcurrentQueue<InputText> Received { get; } = new();

    public ConcurrentQueue<(Guid FlowRunId, string KeyPrefix, string Json)> Sent { get; } = new();

    public ConcurrentQueue<InputRequest> Requests { get; } = new();

    /// <summary>The runs that are not there.</summary>
    public HashSet<Guid> Missing { get; } = [];

    public Task<InputText?> ReceiveAsync(InputRequest request, CancellationToken cancellationToken)
    {
        Requests.Enqueue(request);
        return Task.FromResult(Received.TryDequeue(out var input) ? input : null);
    }

    public Task<bool> SendAsync(Guid flowRunId, string keyPrefix, string json)
    {
        Sent.Enqueue((flowRunId, keyPrefix, json));
        return Task.FromResult(!Missing.Contains(flowRunId));
    }
}
