namespace Serverless.Flows.Testing.Clock;

/// <summary>A timer that follows a <see cref="VirtualClock"/>, under whose lock its properties are used.</summary>
/// <param name="clock">The clock.</param>
/// <param name="body">The code that waits for it; null for the time limit of an attempt, for which nothing waits.</param>
/// <param name="callback">What it calls.</param>
/// <param name="state">What it calls that with.</param>
internal sealed class VirtualTimer(VirtualClock clock, TaskBody? body, TimerCallback callback, object? state) : ITimer
{
    public TaskBody? Body => body;

    public DateTimeOffset Due { get; set; }

    public TimeSpan Period { get; set; }

    public bool IsDisposed { get; set; }

    public void Fire() => callback(state);

    public bool Change(TimeSpan dueTime, TimeSpan period) => clock.Change(this, dueTime, period);

    public void Dispose() => clock.Remove(this);

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }
}
