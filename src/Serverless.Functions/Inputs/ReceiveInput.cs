using Microsoft.Azure.Functions.Worker;
using Serverless.Flows.Hosting;
using Serverless.Server.Runs;

namespace Serverless.Functions.Inputs;

/// <summary>Takes the next input of a flow run, if there is one.</summary>
/// <param name="inputs">The stored inputs.</param>
public sealed class ReceiveInput(RunInputs inputs)
{
    /// <summary>The activity. Repeated, it gives the input that it has taken.</summary>
    [Function(nameof(ReceiveInput))]
    public async Task<ReceiveInputResult> RunAsync([ActivityTrigger] ReceiveInputInput input, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(input);
        return await inputs.ReceiveAsync(input.Start.FlowRunId, input.KeyPrefix, input.Number, cancellationToken) is { } taken
            ? new ReceiveInputResult(new InputText(taken.Key, taken.Value, taken.Sender))
            : new ReceiveInputResult();
    }
}
