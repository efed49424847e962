using System.Collections.Concurrent;
using Serverless.Flows;
using Serverless.Flows.Hosting;

namespace Serverless.TestDoubles;

/// <summary>Remembers how transactions end.</summary>
internal sealed class InMemoryTransactions : ITransactionEngine
{
    public ConcurrentQueue<TransactionHooks> Hooks { get; } = new();

    public ConcurrentQueue<Guid> RolledBack { get; } = new();

    /// <summary>The hooks that fail.</summary>
    public Func<TransactionHooks, bool> Fails { get; set; } = _ => false;

    public Task GraceOver { get; init; } = new TaskCompletionSource().Task;

    public void HoldOpen(Task transaction) { }

    /// <summary>The transactions with keys that have ended.</summary>
    public ConcurrentQueue<TransactionEnd> Ended { get; } = new();

    public Task<TransactionBeginning> BeginAsync(TransactionCall call) =>
        Task.FromResult(new TransactionBeginning(Guid.CreateVersion7(), Guid.CreateVersion7()));

    public Task EndAsync(TransactionEnd end)
    {
        Ended.Enqueue(end);
        return Task.CompletedTask;
    }

    public Task<bool> CallHooksAsync(TransactionHooks call)
    {
        Hooks.Enqueue(call);
        return Task.FromResult(!Fails(call));
    }

    public Task MarkRolledBackAsync(IReadOnlyList<Guid> taskRunIds)
    {
        foreach (var id in taskRunIds)
        {
            RolledBack.Enqueue(id);
        }

        return Task.CompletedTask;
    }
}
