using Microsoft.Azure.Functions.Worker;
using Serverless.Functions.Engine;
using Serverless.Server.Variables;

namespace Serverless.Functions.RunServices;

/// <summary>Finds the variable that a flow is to delete: a deletion that is repeated after a crash finds no name any more.</summary>
/// <param name="variables">The stored variables.</param>
public sealed class FindVariable(VariableService variables)
{
    /// <summary>The activity.</summary>
    /// <returns>The variable's id; null when there is none of that name.</returns>
    [Function(nameof(FindVariable))]
    public async Task<Answered<Guid?>> RunAsync([ActivityTrigger] Asked<string> asked, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(asked);
        return asked.Answer((await variables.GetAsync(asked.Input, cancellationToken))?.Id);
    }
}
