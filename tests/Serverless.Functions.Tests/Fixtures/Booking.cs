using Serverless.Flows;

namespace Serverless.Functions.Tests.Fixtures;

/// <summary>Tasks that can be undone, which note what happens to them.</summary>
internal sealed class Booking(Probe probe)
{
    /// <summary>Returns its number; 0 waits at a gate, and a negative one fails.</summary>
    [Task(OnCommit = [nameof(Confirm)], OnRollback = [nameof(Free), nameof(BreakAsync)])]
    public async Task<int> BookAsync(int number, TaskContext task = null!)
    {
        probe.Note($"book {number}");
        if (number == 0)
        {
            await probe.PassAsync("book", CancellationToken.None);
        }

        return number < 0 ? throw new InvalidOperationException($"{task.TaskRunId} fails") : number;
    }

    private void Confirm(HookContext hook)
    {
        probe.Note($"confirm {hook.State.Result<int>()}");
        if (probe.IsOpen("broken"))
        {
            throw new InvalidOperationException("no confirmation");
        }
    }

    private void Free(HookContext hook)
    {
        var name = hook.Values is null ? "" : $" for {hook.Get<string>("name")}";
        probe.Note($"free {hook.State.Result<int>()}{name}");
        probe.Note($"key {hook.IdempotencyKey}");
    }

    private static Task BreakAsync(HookContext hook) => throw new InvalidOperationException($"{hook.TaskRun!.TaskName} is broken");
}
