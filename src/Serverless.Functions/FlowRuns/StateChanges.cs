using Microsoft.DurableTask;
using Serverless.Functions.Engine;

namespace Serverless.Functions.FlowRuns;

/// <summary>The state changes that an orchestration hears of, one at a time, with a single outstanding wait.</summary>
internal sealed class StateChanges(TaskOrchestrationContext context)
{
    private Task<StateChange>? _next;

    /// <summary>The next change; the same task until <see cref="Take"/>.</summary>
    public Task<StateChange> Next() => _next ??= context.WaitForExternalEvent<StateChange>(FlowRunOrchestrator.StateChanged);

    /// <summary>Marks the completed <see cref="Next"/> as handled.</summary>
    public void Take() => _next = null;

    /// <summary>Waits for a change or until a time, whichever is first.</summary>
    public async Task WaitAsync(DateTimeOffset? until)
    {
        if (until is not { } time)
        {
            await Next();
            Take();
            return;
        }

        using CancellationTokenSource timer = new();
        var due = context.WaitUntilAsync(time, timer.Token);
        if (await Task.WhenAny(Next(), due) != due)
        {
            timer.Cancel();
            Take();
        }
    }
}
