using Microsoft.Azure.Functions.Worker;
using Serverless.Server.Variables;

namespace Serverless.Functions.RunServices;

/// <summary>Sets a variable for a flow.</summary>
/// <param name="variables">The stored variables.</param>
public sealed class SetVariable(VariableService variables)
{
    /// <summary>The activity; false when there is a variable that may not be overwritten.</summary>
    [Function(nameof(SetVariable))]
    public Task<bool> RunAsync([ActivityTrigger] SetVariableInput input, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(input);
        var (name, json, tags, overwrite) = input.Variable;
        return variables.SetAsync(input.VariableId, name, StoredForms.Parse(json), tags, overwrite, cancellationToken);
    }
}
