using System.Collections.Concurrent;
using System.Net;
using Azure;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;
using Serverless.LocalRuntime.Triggers;
using Serverless.Storage.Azure;

namespace Serverless.Host.AzureStorage;

/// <summary>A storage queue, with messages in Base64 as the Functions host has them.</summary>
internal sealed class AzureQueue : IMessageQueue
{
    private readonly QueueClient _queue;
    private readonly QueueClient _poison;
    private readonly ConcurrentQueue<QueueMessage> _undecoded = [];

    public AzureQueue(AzureStorageAccount account, string name)
    {
        QueueClientOptions options = new();

        // Without it, one message that is no Base64 would make each batch that it is in fail.
        options.MessageDecodingFailed += failed =>
        {
            _undecoded.Enqueue(failed.ReceivedMessage);
            return Task.CompletedTask;
        };
        var service = account.CreateQueues(options);
        _queue = service.GetQueueClient(name);
        _poison = service.GetQueueClient($"{name}-poison");
    }

    public Task SendAsync(string text, CancellationToken cancellationToken) => SendAsync(_queue, text, cancellationToken);

    public async Task<IReadOnlyList<QueuedMessage>> ReceiveAsync(int count, TimeSpan hiddenFor, CancellationToken cancellationToken)
    {
        try
        {
            List<QueuedMessage> messages = [];
            foreach (var message in (await _queue.ReceiveMessagesAsync(count, hiddenFor, cancellationToken)).Value)
            {
                var text = message.Body.ToString();
                messages.Add(new QueuedMessage(message.MessageId, message.PopReceipt, text, text, message.DequeueCount));
            }

            while (_undecoded.TryDequeue(out var message))
            {
                messages.Add(new QueuedMessage(message.MessageId, message.PopReceipt, message.Body.ToString(), null, message.DequeueCount));
            }

            return messages;
        }
        catch (RequestFailedException failed) when (failed.ErrorCode == QueueErrorCode.QueueNotFound)
        {
            return [];
        }
    }

    public async Task<QueuedMessage?> HideAsync(QueuedMessage message, TimeSpan hiddenFor, CancellationToken cancellationToken)
    {
        try
        {
            UpdateReceipt receipt = await _queue.UpdateMessageAsync(
                message.Id,
                message.Receipt,
                (string?)null,
                hiddenFor,
                cancellationToken
            );
            return message with { Receipt = receipt.PopReceipt };
        }
        catch (RequestFailedException failed) when (IsTaken(failed))
        {
            return null;
        }
    }

    public async Task DeleteAsync(QueuedMessage message, CancellationToken cancellationToken)
    {
        try
        {
            await _queue.DeleteMessageAsync(message.Id, message.Receipt, cancellationToken);
        }
        catch (RequestFailedException failed) when (IsTaken(failed))
        {
            // It took longer than the service could be told, and somebody else has the message.
        }
    }

    public async Task PoisonAsync(QueuedMessage message, CancellationToken cancellationToken)
    {
        // In this order, so that it is rather there twice than lost.
        await SendAsync(_poison, message.Body, cancellationToken);
        await DeleteAsync(message, cancellationToken);
    }

    private static async Task SendAsync(QueueClient queue, string text, CancellationToken cancellationToken)
    {
        try
        {
            await queue.SendMessageAsync(text, cancellationToken);
        }
        catch (RequestFailedException failed) when (failed.ErrorCode == QueueErrorCode.QueueNotFound)
        {
            await queue.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
            await queue.SendMessageAsync(text, cancellationToken);
        }
    }

    /// <summary>True when the receipt is no longer the message's.</summary>
    private static bool IsTaken(RequestFailedException failed) =>
        failed.Status == (int)HttpStatusCode.NotFound || failed.ErrorCode == QueueErrorCode.PopReceiptMismatch;
}
