using Microsoft.Azure.Functions.Worker;
using Serverless.Functions.Engine;
using Serverless.Server.Variables;

namespace Serverless.Functions.RunServices;

/// <summary>Sets a variable for a flow.</summary>
/// <param name="variables">The stored variables.</param>
public sealed class SetVariable(VariableService variables)
{
    /// <summary>The activity; false when there is a variable that may not be overwritten.</summary>
    [Function(nameof(SetVariable))]
    public async Task<Answered<bool>> RunAsync([ActivityTrigger] Asked<SetVariableInput> asked, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(asked);
        var input = asked.Input;
        var (name, json, tags, overwrite) = input.Variable;
        return asked.Answer(await variables.SetAsync(input.VariableId, name, StoredForms.Parse(json), tags, overwrite, cancellationToken));
    }
}
