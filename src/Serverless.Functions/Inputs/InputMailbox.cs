using Microsoft.DurableTask;
using Serverless.Flows.Hosting;
using Serverless.Functions.Engine;
using Serverless.Functions.FlowRuns;

namespace Serverless.Functions.Inputs;

/// <summary>
/// Receives and sends inputs in one orchestration. An input is a row; news of it is only the hint to look, and may come late or twice.
/// </summary>
internal sealed class InputMailbox(TaskOrchestrationContext context, RecordedCalls calls, FlowRunStart start, RunWatch watch) : IInputEngine
{
    private TaskCompletionSource _news = new();

    /// <summary>Somebody wrote an input of the run.</summary>
    public void OnNews()
    {
        var news = _news;
        _news = new TaskCompletionSource();
        news.SetResult();
    }

    public async Task<InputText?> ReceiveAsync(InputRequest request, CancellationToken cancellationToken)
    {
        var until = new DateTimeOffset(context.CurrentUtcDateTime, TimeSpan.Zero) + request.Timeout;
        ReceiveInputInput input = new(start, request.Number, request.KeyPrefix);
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();

            // Taken before the look, so that an input which comes meanwhile is not missed.
            var news = _news.Task;

            // Waited for although the token is cancelled meanwhile: it may have taken an input.
            var result = await watch.UnlessStopped(() =>
                calls.AskAsync<ReceiveInputInput, ReceiveInputResult>(nameof(ReceiveInput), input, request.KeyPrefix)
            );
            if (result.Input is { } taken)
            {
                return taken;
            }

            if (context.CurrentUtcDateTime >= until.UtcDateTime)
            {
                return null;
            }

            using var timer = CancellationTokenSource.CreateLinkedTokenSource(watch.Stopping, cancellationToken);
            await Task.WhenAny(news, context.WaitUntilAsync(until, timer.Token));
            timer.Cancel();
        }
    }

    public Task<bool> SendAsync(Guid flowRunId, string keyPrefix, string json) =>
        watch.UnlessStopped(() =>
        {
            var key = $"{keyPrefix}-{context.NewGuid()}";
            SendInputInput input = new(flowRunId, key, json, $"prefect.flow-run.{start.FlowRunId}");
            return calls.AskAsync<SendInputInput, bool>(nameof(SendInput), input, keyPrefix);
        });
}
