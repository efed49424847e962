using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Serverless.Core.States;
using Serverless.Server.Runs;

namespace Serverless.Functions.TaskRuns;

/// <summary>
/// Looks, while task code runs here, whether it still may: its flow run may have been stopped, or its task run ended, by way of another
/// instance of the app. One look for each flow run that has task code here, however many attempts that is; none while nothing runs.
/// </summary>
/// <param name="running">The task code that runs here.</param>
/// <param name="runs">The stored runs.</param>
/// <param name="taskRuns">The stored task runs.</param>
/// <param name="time">The clock of the looks.</param>
/// <param name="logger">The host's log.</param>
internal sealed partial class RunningTaskRunsWatch(
    RunningTaskRuns running,
    FlowRunService runs,
    TaskRunService taskRuns,
    TimeProvider time,
    ILogger<RunningTaskRunsWatch> logger
) : BackgroundService
{
    /// <summary>
    /// The time between two looks: with it a token is cancelled within five seconds, also when a look is slow or fails once.
    /// </summary>
    internal static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    private const int AtOnce = 16;

    private bool _failing;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                await running.WhenAny.WaitAsync(stoppingToken);
                await Task.Delay(Interval, time, stoppingToken);
                await LookAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The app stops. A host that could not start would report the exception.
        }
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        try
        {
            await Parallel.ForEachAsync(
                running.Owners,
                new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
                LookAsync
            );
            _failing = false;
        }
#pragma warning disable CA1031 // Whatever the store says, the next look may find it well.
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            if (!_failing)
            {
                LogFailed(logger, error);
            }

            _failing = true;
        }
    }

    private async ValueTask LookAsync((Guid Id, bool IsBackground) owner, CancellationToken cancellationToken)
    {
        if (owner.IsBackground)
        {
            running.CancelEnded(owner.Id, (await taskRuns.GetAsync(owner.Id, cancellationToken))?.StateId);
            return;
        }

        var flowRunId = owner.Id;
        var permit = await runs.GetPermitAsync(flowRunId, cancellationToken);
        running.CancelEnded(flowRunId, permit);
        if (permit.RunCount is null)
        {
            var run = await runs.ReadAsync(flowRunId, cancellationToken);
            running.Cancel(
                flowRunId,
                run is null ? int.MaxValue
                    : IsStopped(run) ? run.Generation
                    : run.Generation - 1
            );
        }
    }

    /// <summary>
    /// A paused run lets its tasks go on, and so does one whose body has returned: it is Completed. Between two attempts of a flow nothing
    /// of the last one may run.
    /// </summary>
    private static bool IsStopped(FlowRunSnapshot run) =>
        run.Run.State
            is { Type: StateType.Cancelling or StateType.Cancelled or StateType.Failed or StateType.Crashed }
                or { Name: StateNames.AwaitingRetry };

    [LoggerMessage(LogLevel.Warning, "Cannot check now whether running tasks were cancelled elsewhere; the next check is in two seconds.")]
    private static partial void LogFailed(ILogger logger, Exception error);
}
