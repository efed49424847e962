using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Azure.Functions.Worker;
using Serverless.Testing;

namespace Serverless.LocalRuntime.Tests.Fixtures;

/// <summary>Sees what the triggers do.</summary>
internal sealed class TriggerProbe(TimeProvider clock)
{
    private readonly Channel<(string Function, DateTimeOffset Time, TimerInfo Timer)> _fired = Channel.CreateUnbounded<(
        string,
        DateTimeOffset,
        TimerInfo
    )>();

    public ConcurrentQueue<DateTimeOffset> Handled { get; } = [];

    public TaskCompletionSource<string> Texts { get; } = new();

    public int FailuresLeft { get; set; }

    public Func<Task> WhenFired { get; set; } = static () => Task.CompletedTask;

    public Func<Task> WhenHandled { get; set; } = static () => Task.CompletedTask;

    public async Task FiredAsync(string function, TimerInfo timer)
    {
        await _fired.Writer.WriteAsync((function, clock.GetUtcNow(), timer));
        await WhenFired();
    }

    public async Task<(string Function, DateTimeOffset Time, TimerInfo Timer)> NextAsync() =>
        await _fired.Reader.ReadAsync().AsTask().WaitAsync(Waiting.Patience);

    public bool NothingFired => _fired.Reader.Count == 0;

    public Task HandleAsync(QueueItem item)
    {
        Handled.Enqueue(clock.GetUtcNow());
        return FailuresLeft-- > 0 ? throw new InvalidOperationException($"not now: {item.Text}") : WhenHandled();
    }
}
