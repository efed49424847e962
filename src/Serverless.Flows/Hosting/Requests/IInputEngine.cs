namespace Serverless.Flows.Hosting;

/// <summary>What receives and sends the inputs of runs; a part of <see cref="IFlowEngine"/>, and as deterministic.</summary>
public interface IInputEngine
{
    /// <summary>Waits for an input of this run, and takes it: nobody else gets it.</summary>
    /// <param name="request">Which one.</param>
    /// <param name="cancellationToken">The author's token.</param>
    /// <returns>The input; null when none came in time.</returns>
    /// <exception cref="OperationCanceledException">The token is cancelled, or the flow run is being cancelled.</exception>
    Task<InputText?> ReceiveAsync(InputRequest request, CancellationToken cancellationToken);

    /// <summary>Writes an input of a flow run.</summary>
    /// <param name="flowRunId">The run that gets it.</param>
    /// <param name="keyPrefix">What its key begins with; the rest makes the key one that no other input of that run has.</param>
    /// <param name="json">Its text.</param>
    /// <returns>False when there is no such run.</returns>
    /// <exception cref="OperationCanceledException">The flow run is being cancelled.</exception>
    Task<bool> SendAsync(Guid flowRunId, string keyPrefix, string json);
}
