using System.Diagnostics.CodeAnalysis;
using Serverless.LocalRuntime.Hosting;

namespace Serverless.LocalRuntime.Triggers;

/// <summary>
/// Gives the messages of a queue in memory to its function. A message that fails is tried five times, as a storage queue does.
/// </summary>
internal sealed class QueueTrigger(RuntimeCore core, QueueFunction function, LocalQueues queues, LocalRuntimeOptions options)
{
    /// <summary>Runs until the process ends.</summary>
    public Task RunAsync() => Task.WhenAll(Enumerable.Range(0, options.MaxConcurrentMessages).Select(_ => HandleAllAsync()));

    private async Task HandleAllAsync()
    {
        try
        {
            await foreach (var message in queues.Read(function.Queue).ReadAllAsync(core.Stopping))
            {
                await HandleAsync(message);
                queues.Handled();
            }
        }
        catch (OperationCanceledException) when (core.Stopping.IsCancellationRequested)
        {
            // The process ends. What is left is announced again after the restart.
        }
    }

    [SuppressMessage(
        "Design",
        "CA1031:Do not catch general exception types",
        Justification = "Whatever the function throws is a failed attempt."
    )]
    private async Task HandleAsync(string message)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await function.InvokeAsync(message, $"{function.Queue}:{attempt}");
                return;
            }
            catch (OperationCanceledException) when (core.Stopping.IsCancellationRequested)
            {
                throw;
            }
            catch (Exception exception) when (attempt < options.MaxDequeueCount)
            {
                core.Logger.MessageFailed(function.Name, function.Queue, attempt, exception);
            }
            catch (Exception exception)
            {
                core.Logger.MessagePoisoned(function.Queue, attempt, function.Name, exception);
                return;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100 * Math.Pow(4, attempt - 1)), core.Time, core.Stopping);
        }
    }
}
