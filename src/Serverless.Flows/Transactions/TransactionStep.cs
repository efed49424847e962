using Serverless.Flows.Hosting;

namespace Serverless.Flows;

/// <summary>A task run that completed in a transaction.</summary>
/// <param name="Transaction">The innermost transaction in which it was called.</param>
/// <param name="Task">The task.</param>
/// <param name="RunId">The task run.</param>
/// <param name="StateId">The state in which it completed.</param>
internal sealed record TransactionStep(FlowTransaction Transaction, TaskDefinition Task, Guid RunId, Guid StateId)
{
    /// <summary>Its hooks for an event; null when it has none.</summary>
    internal TransactionHooks? HooksFor(HookEvent hookEvent) =>
        Task.Hooks.Any(hook => hook.Event == hookEvent) ? new(RunId, StateId, hookEvent, Transaction.AllValues()) : null;
}
