using System.Reflection;
using Microsoft.Extensions.Logging;

namespace Serverless.Flows.Testing;

/// <summary>An attempt that runs something in place of the task's code.</summary>
/// <param name="Call">The call.</param>
/// <param name="Context">The attempt.</param>
internal sealed record StubAttempt(TaskCall Call, TaskContext Context)
{
    /// <summary>What a parameter of the code gets.</summary>
    public object? Value(ParameterInfo parameter) =>
        parameter.ParameterType == typeof(TaskCall) ? Call
        : parameter.ParameterType == typeof(TaskContext) ? Context
        : parameter.ParameterType == typeof(ILogger) ? Context.Logger
        : parameter.ParameterType == typeof(CancellationToken) ? Context.CancellationToken
        : Call.Arguments[parameter.Name!];
}
