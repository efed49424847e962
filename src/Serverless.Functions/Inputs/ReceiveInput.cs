using Microsoft.Azure.Functions.Worker;
using Serverless.Flows.Hosting;
using Serverless.Functions.Engine;
using Serverless.Server.Runs;

namespace Serverless.Functions.Inputs;

/// <summary>Takes the next input of a flow run, if there is one.</summary>
/// <param name="inputs">The stored inputs.</param>
public sealed class ReceiveInput(RunInputs inputs)
{
    /// <summary>The activity. Repeated, it gives the input that it has taken.</summary>
    [Function(nameof(ReceiveInput))]
    public async Task<Answered<ReceiveInputResult>> RunAsync(
        [ActivityTrigger] Asked<ReceiveInputInput> asked,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(asked);
        var input = asked.Input;
        var taken = await inputs.ReceiveAsync(input.Start.FlowRunId, input.KeyPrefix, input.Number, cancellationToken);
        return asked.Answer(new ReceiveInputResult(taken is null ? null : new InputText(taken.Key, taken.Value, taken.Sender)));
    }
}
