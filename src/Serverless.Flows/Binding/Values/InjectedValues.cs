using Microsoft.Extensions.Logging;

namespace Serverless.Flows.Binding;

/// <summary>The values of the parameters that never travel as JSON.</summary>
internal readonly record struct InjectedValues(FlowContext? Flow, TaskContext? Task, ILogger Logger, CancellationToken CancellationToken)
{
    internal static InjectedValues For(FlowContext flow) => new(flow, Task: null, flow.Logger, flow.CancellationToken);

    internal static InjectedValues For(TaskContext task) => new(Flow: null, task, task.Logger, task.CancellationToken);

    internal object? this[ParameterKind kind] =>
        kind switch
        {
            ParameterKind.FlowContext => Flow,
            ParameterKind.TaskContext => Task,
            ParameterKind.CancellationToken => CancellationToken,
            ParameterKind.Logger => Logger,
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, message: null),
        };
}
