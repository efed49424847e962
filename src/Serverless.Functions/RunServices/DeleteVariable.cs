using Microsoft.Azure.Functions.Worker;
using Serverless.Functions.Engine;
using Serverless.Server.Variables;

namespace Serverless.Functions.RunServices;

/// <summary>Deletes a variable for a flow.</summary>
/// <param name="variables">The stored variables.</param>
public sealed class DeleteVariable(VariableService variables)
{
    /// <summary>The activity; false when there is no such variable any more, also because it was deleted before a crash.</summary>
    [Function(nameof(DeleteVariable))]
    public async Task<Answered<bool>> RunAsync([ActivityTrigger] Asked<Guid> asked, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(asked);
        return asked.Answer(await variables.DeleteAsync(asked.Input, cancellationToken));
    }
}
