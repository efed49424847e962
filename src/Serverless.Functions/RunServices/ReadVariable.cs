using Microsoft.Azure.Functions.Worker;
using Serverless.Functions.Engine;
using Serverless.Server.Variables;

namespace Serverless.Functions.RunServices;

/// <summary>Reads a variable for a flow.</summary>
/// <param name="variables">The stored variables.</param>
public sealed class ReadVariable(VariableService variables)
{
    /// <summary>The activity: the JSON of the value; null when there is no such variable.</summary>
    [Function(nameof(ReadVariable))]
    public async Task<Answered<string?>> RunAsync([ActivityTrigger] Asked<string> asked, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(asked);
        return asked.Answer((await variables.GetAsync(asked.Input, cancellationToken))?.ValueJson());
    }
}
