using System.Diagnostics.CodeAnalysis;
using System.Runtime.ExceptionServices;
using Microsoft.DurableTask;
using Serverless.LocalRuntime.History;

namespace Serverless.LocalRuntime.Execution;

/// <summary>How an execution ends whose orchestrator has returned or thrown.</summary>
internal static class OrchestratorResult
{
    /// <summary>Reads the outcome from the orchestrator's task.</summary>
    /// <param name="execution">The execution.</param>
    /// <param name="completed">The task, which is completed.</param>
    /// <param name="next">How it continues as new; null when it does not.</param>
    /// <param name="dropped">Events that the next execution does not get.</param>
    [SuppressMessage(
        "Design",
        "CA1031:Do not catch general exception types",
        Justification = "Whatever the orchestrator throws is its outcome."
    )]
    public static ExecutionOutcome Read(
        OrchestrationExecution execution,
        Task<object?> completed,
        ContinueAsNewOptions? next,
        HashSet<HistoryEvent> dropped
    )
    {
        try
        {
            var result = ResultOf(completed);
            var name = execution.Identity.Name;
            return next is null
                ? new ExecutionOutcome.Completed(Payload.Serialize(execution.Converter, result, $"The output of orchestrator '{name}'"))
                : new ExecutionOutcome.ContinuedAsNew(
                    Payload.Serialize(execution.Converter, next.NewInput, $"The next input of orchestrator '{name}'"),
                    next.NewVersion,
                    [.. execution.Events.Buffered.Where(raised => !dropped.Contains(raised))]
                );
        }
        catch (Exception exception)
        {
            return new ExecutionOutcome.Failed(Failure.From(exception));
        }
    }

    private static object? ResultOf(Task<object?> completed)
    {
        if (completed.Exception is { } failure)
        {
            ExceptionDispatchInfo.Throw(failure.InnerExceptions[0]);
        }

#pragma warning disable MA0042, CA1849 // It is completed.
        return completed.GetAwaiter().GetResult();
#pragma warning restore MA0042, CA1849
    }
}
