using Microsoft.Azure.Functions.Worker;
using Serverless.Core.Models;
using Serverless.Functions.Engine;
using Serverless.Server;
using Serverless.Server.Runs;

namespace Serverless.Functions.Inputs;

/// <summary>Writes an input of a flow run.</summary>
/// <param name="inputs">The stored inputs.</param>
public sealed class SendInput(RunInputs inputs)
{
    /// <summary>The activity; false when there is no such flow run. Repeated, it finds its input there.</summary>
    [Function(nameof(SendInput))]
    public async Task<Answered<bool>> RunAsync([ActivityTrigger] Asked<SendInputInput> asked, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(asked);
        return asked.Answer(await SendAsync(asked.Input, cancellationToken));
    }

    private async Task<bool> SendAsync(SendInputInput input, CancellationToken cancellationToken)
    {
        try
        {
            return await inputs.CreateAsync(
                input.FlowRunId,
                new FlowRunInputCreate
                {
                    Key = input.Key,
                    Value = input.Json,
                    Sender = input.Sender,
                },
                cancellationToken
            );
        }
        catch (RequestConflictException)
        {
            // The key is drawn for this one input.
            return true;
        }
    }
}
