using Serverless.Core.States;
using Serverless.Flows;
using Serverless.Flows.Hosting;
using Serverless.Functions.FlowRuns;

namespace Serverless.Functions.Engine;

/// <summary>Pauses that a flow's body asks for.</summary>
internal sealed partial class OrchestratedFlowEngine
{
    public async Task<string?> PauseAsync(PauseRequest request, CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var result = await _watch.UnlessStopped(() =>
                _calls.AskAsync<PauseFlowRunInput, PauseResult>(
                    nameof(PauseFlowRun),
                    new PauseFlowRunInput(_start, Run.RunCount, request, UtcNow + request.Timeout),
                    request.Key
                )
            );
            if (result.Kind == PauseKind.Resumed)
            {
                return result.InputJson;
            }

            if (result.Kind == PauseKind.Paused)
            {
                // By this pause or by another one that came first; asking again after it tells, and brings the input.
                TellBatches(new StateChange(StateType.Paused));
                result = await _watch.UnlessStopped(() => WhenResumedAsync(request.Key, cancellationToken));
            }

            switch (result.Kind)
            {
                case PauseKind.Resumed:
                    break;
                case PauseKind.TimedOut:
                    throw new PauseTimeoutException(request.Key, request.Timeout);
                default:
                    throw new InvalidOperationException($"The flow run cannot pause: {result.Reason}");
            }
        }
    }

    /// <summary>Waits until the run is not paused any more; the author's token takes the run's own pause back.</summary>
    private async Task<PauseResult> WhenResumedAsync(string key, CancellationToken cancellationToken)
    {
        var resumed = _watch.WhenResumedAsync();
        try
        {
            return await resumed.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException ended) when (cancellationToken.IsCancellationRequested)
        {
            WithdrawPauseInput input = new(_start, Run.RunCount, key);
            if (await _calls.AskAsync<WithdrawPauseInput, bool>(nameof(WithdrawPause), input, key))
            {
                OnStateChange(new StateChange(StateType.Running));
                await resumed;
            }

            throw new OperationCanceledException("The pause is cancelled.", ended, cancellationToken);
        }
    }
}
