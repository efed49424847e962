using System.Linq.Expressions;

namespace Serverless.Flows.Calls;

/// <summary>A call of a task that is to be run in the background.</summary>
/// <param name="Task">The task.</param>
/// <param name="Arguments">Its arguments.</param>
internal sealed record DelayedCall(TaskDefinition Task, CallArguments Arguments)
{
    /// <summary>Reads the lambda of a call.</summary>
    /// <param name="call">The lambda.</param>
    /// <param name="registry">Knows what may be called.</param>
    /// <param name="mayWait">Whether arguments may be futures.</param>
    /// <exception cref="ArgumentException">The lambda is not one call of a task, or has a future that nobody waits for.</exception>
    /// <exception cref="FlowRegistrationException">The called method is not registered.</exception>
    internal static DelayedCall Parse(LambdaExpression call, FlowRegistry registry, bool mayWait)
    {
        var site = CallSite.Parse(call, registry, isMap: false);
        if (site.Definition is not TaskDefinition task)
        {
            throw new ArgumentException(
                $"{site.Definition.Target} is not a task: only tasks run in the background. Run a deployment of the flow.",
                nameof(call)
            );
        }

        if (!mayWait && site.Arguments.Any(argument => ArgumentScan.Of(argument, item: null).HasFutures))
        {
            throw new ArgumentException(
                $"An argument of {task.Target} is a future: only a flow waits for futures. Pass its value, or use flow.DelayAsync.",
                nameof(call)
            );
        }

        return new DelayedCall(task, new CallArguments(site));
    }

    /// <summary>The key that authors gave; null for none. It is no key that this app makes.</summary>
    internal static string? KeyOf(DelayOptions options) => options.IdempotencyKey is { } key ? "key:" + key : null;
}
