using System.Diagnostics.CodeAnalysis;
using Microsoft.Azure.Functions.Worker;
using NCrontab;
using Serverless.Core.Validation;
using Serverless.LocalRuntime.Functions;

namespace Serverless.LocalRuntime.Triggers;

/// <summary>Runs a timer function at the times of its schedule. A run that takes longer than the interval delays the next one.</summary>
internal sealed class TimerTrigger(RuntimeCore core, LocalFunction function, CrontabSchedule schedule, bool runOnStartup)
{
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan LongestSleep = TimeSpan.FromDays(1);

    /// <summary>The schedule of the attribute: six fields with seconds, or five.</summary>
    /// <exception cref="SettingException">The expression is not a schedule.</exception>
    public static CrontabSchedule Parse(string functionName, string expression)
    {
        var seconds = expression.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length == 6;
        return CrontabSchedule.TryParse(expression, new CrontabSchedule.ParseOptions { IncludingSeconds = seconds })
            ?? throw new SettingException(
                $"The schedule of timer function '{functionName}' must be an NCRONTAB expression such as '*/15 * * * * *', "
                    + $"not '{expression}'."
            );
    }

    /// <summary>Runs until the process ends.</summary>
    public async Task RunAsync()
    {
        try
        {
            var last = core.Time.GetUtcNow().UtcDateTime;
            if (runOnStartup)
            {
                await InvokeAsync(last, schedule.GetNextOccurrence(last), pastDue: false);
            }

            while (true)
            {
                var next = schedule.GetNextOccurrence(last);
                await SleepUntilAsync(next);
                var pastDue = core.Time.GetUtcNow().UtcDateTime - next > Tolerance;
                await InvokeAsync(last, schedule.GetNextOccurrence(next), pastDue);

                // Occurrences that passed while the function ran, or while the machine slept, are left out.
                var now = core.Time.GetUtcNow().UtcDateTime;
                last = now > next ? now : next;
            }
        }
        catch (OperationCanceledException) when (core.Stopping.IsCancellationRequested)
        {
            // The process ends.
        }
    }

    private async Task SleepUntilAsync(DateTime time)
    {
        while (time - core.Time.GetUtcNow().UtcDateTime is { Ticks: > 0 } wait)
        {
            // Rounded up to the clock timers' resolution, or the function would run just before its time, and again at it.
            var sleep = wait > LongestSleep ? LongestSleep : TimeSpan.FromMilliseconds(Math.Ceiling(wait.TotalMilliseconds));
            await Task.Delay(sleep, core.Time, core.Stopping);
        }
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "A failed run must not end the schedule.")]
    private async Task InvokeAsync(DateTime last, DateTime next, bool pastDue)
    {
        TimerInfo info = new()
        {
            IsPastDue = pastDue,
            ScheduleStatus = new ScheduleStatus
            {
                Last = last,
                Next = next,
                LastUpdated = core.Time.GetUtcNow().UtcDateTime,
            },
        };
        try
        {
            await function.InvokeAsync(
                function.PayloadType == typeof(TimerInfo) ? info : null,
                core.Services,
                core.Client,
                function.Name,
                core.Stopping
            );
        }
        catch (OperationCanceledException) when (core.Stopping.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception exception)
        {
            core.Logger.TimerFailed(function.Name, exception);
        }
    }
}
