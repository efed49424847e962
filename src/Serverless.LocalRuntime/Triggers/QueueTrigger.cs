using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Threading.Channels;
using Serverless.LocalRuntime.Functions;

namespace Serverless.LocalRuntime.Triggers;

/// <summary>Gives the messages of a queue to its function. A message that fails is tried five times, as a storage queue does.</summary>
internal sealed class QueueTrigger(RuntimeCore core, LocalFunction function, string queue, ChannelReader<string> messages, int concurrency)
{
    private const int MaxDequeues = 5;

    /// <summary>Runs until the process ends.</summary>
    public Task RunAsync() => Task.WhenAll(Enumerable.Range(0, concurrency).Select(_ => HandleAllAsync()));

    private async Task HandleAllAsync()
    {
        try
        {
            await foreach (string message in messages.ReadAllAsync(core.Stopping))
            {
                await HandleAsync(message);
            }
        }
        catch (OperationCanceledException) when (core.Stopping.IsCancellationRequested)
        {
            // The process ends. What is left is announced again after the restart.
        }
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Whatever the function throws is a failed attempt.")]
    private async Task HandleAsync(string message)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                object? payload = function.PayloadType == typeof(string) ? message : JsonSerializer.Deserialize(message, function.PayloadType, JsonSerializerOptions.Web);
                await function.InvokeAsync(payload, core.Services, core.Client, $"{queue}:{attempt}", core.Stopping);
                return;
            }
            catch (OperationCanceledException) when (core.Stopping.IsCancellationRequested)
            {
                throw;
            }
            catch (Exception exception) when (attempt < MaxDequeues)
            {
                core.Logger.MessageFailed(function.Name, queue, attempt, exception);
            }
            catch (Exception exception)
            {
                core.Logger.MessagePoisoned(queue, attempt, function.Name, exception);
                return;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100 * Math.Pow(4, attempt - 1)), core.Time, core.Stopping);
        }
    }
}
