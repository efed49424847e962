using Microsoft.Azure.Functions.Worker;
using Serverless.Server.Services;

namespace Serverless.Functions.Services;

/// <summary>Runs a service at its timer's times.</summary>
internal static class ServiceTimers
{
    /// <summary>Runs it once, and has it remembered.</summary>
    /// <param name="services">Where it is remembered.</param>
    /// <param name="name">The service.</param>
    /// <param name="timer">The timer; without its status, as with the Functions host for schedules of less than a minute, nobody knows when
    /// the service runs next.</param>
    /// <param name="run">What it does.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    public static Task RunAsync(
        this ServiceRuns services,
        string name,
        TimerInfo timer,
        Func<CancellationToken, Task<ServiceOutcome>> run,
        CancellationToken cancellationToken
    ) => services.RunAsync(name, NextOf(timer), run, cancellationToken);

    private static DateTimeOffset? NextOf(TimerInfo? timer) =>
        timer?.ScheduleStatus is { Next: { Ticks: > 0 } next }
            ? new DateTimeOffset(next.Kind == DateTimeKind.Unspecified ? DateTime.SpecifyKind(next, DateTimeKind.Utc) : next)
            : null;
}
