using Microsoft.DurableTask;

namespace Serverless.Functions.Engine;

/// <summary>
/// Waits that never end early. Durable timers on Azure Storage have whole seconds: they fire up to a second before their time, as
/// the orchestration's own clock shows. The one place where an orchestrator creates a timer.
/// </summary>
internal static class DurableTimers
{
    /// <summary>How early a timer may fire. The next one is set so much later that it cannot be early as well.</summary>
    private static readonly TimeSpan Coarseness = TimeSpan.FromSeconds(1);

    /// <summary>Waits until the orchestration's clock shows a time; not at all when it does so already.</summary>
    /// <param name="context">The orchestration.</param>
    /// <param name="until">The time.</param>
    /// <param name="cancellationToken">Ends the wait with an <see cref="OperationCanceledException"/>.</param>
    public static async Task WaitUntilAsync(
        this TaskOrchestrationContext context,
        DateTimeOffset until,
        CancellationToken cancellationToken = default
    )
    {
        var due = until.UtcDateTime;
        for (var next = due; context.CurrentUtcDateTime < due; next = due + Coarseness)
        {
#pragma warning disable RS0030 // Here the wait is made exact.
            await context.CreateTimer(next, cancellationToken);
#pragma warning restore RS0030
        }
    }

    /// <summary>Waits for a duration of the orchestration's clock.</summary>
    /// <param name="context">The orchestration.</param>
    /// <param name="duration">How long; zero or less is not at all.</param>
    /// <param name="cancellationToken">Ends the wait with an <see cref="OperationCanceledException"/>.</param>
    public static Task WaitAsync(this TaskOrchestrationContext context, TimeSpan duration, CancellationToken cancellationToken = default) =>
        context.WaitUntilAsync(new DateTimeOffset(context.CurrentUtcDateTime, TimeSpan.Zero) + duration, cancellationToken);
}
