using System.Linq.Expressions;

namespace Serverless.Flows.Calls;

/// <summary>A call of a task that is to be run in the background.</summary>
/// <param name="Task">The task.</param>
/// <param name="Arguments">Its arguments.</param>
internal sealed record DelayedCall(TaskDefinition Task, CallArguments Arguments)
{
    /// <summary>Reads the lambda of a call.</summary>
    /// <exception cref="ArgumentException">The lambda is not one call of a task.</exception>
    /// <exception cref="FlowRegistrationException">The called method is not registered.</exception>
    internal static DelayedCall Parse(LambdaExpression call, FlowRegistry registry)
    {
        var site = CallSite.Parse(call, registry, isMap: false);
        return site.Definition is TaskDefinition task
            ? new DelayedCall(task, new CallArguments(site))
            : throw new ArgumentException(
                $"{site.Definition.Target} is not a task: only tasks run in the background. Run a deployment of the flow.",
                nameof(call)
            );
    }

    /// <summary>The key that authors gave; null for none. It is no key that this app makes.</summary>
    internal static string? KeyOf(DelayOptions options) => options.IdempotencyKey is { } key ? "key:" + key : null;
}
