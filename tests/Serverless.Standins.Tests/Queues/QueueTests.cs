using Azure;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;

namespace Serverless.Standins.Tests.Queues;

/// <summary>The real queue client works without the package that it was downloaded without.</summary>
[Collection(AzuriteCollection.Name)]
public sealed class QueueTests(AzuriteFixture azurite)
{
    [AzuriteFact]
    public async Task SendMessageAsync_Base64_ReceivedAndDeleted()
    {
        QueueServiceClient service = new(azurite.Azurite.ConnectionString, new QueueClientOptions { MessageEncoding = QueueMessageEncoding.Base64 });
        QueueClient queue = service.GetQueueClient(azurite.NextName("queue"));
        await queue.CreateIfNotExistsAsync();
        await queue.SendMessageAsync("{\"text\":\"Grüße \u4e16\"}");

        QueueMessage message = (await queue.ReceiveMessageAsync()).Value;
        await queue.DeleteMessageAsync(message.MessageId, message.PopReceipt);

        message.Body.ToString().ShouldBe("{\"text\":\"Grüße \u4e16\"}");
        (await queue.ReceiveMessageAsync()).Value.ShouldBeNull();
    }

    [AzuriteFact]
    public async Task SendMessageAsync_AbsentQueue_QueueNotFound()
    {
        QueueClient queue = new QueueServiceClient(azurite.Azurite.ConnectionString).GetQueueClient("absent");

        RequestFailedException refusal = await Should.ThrowAsync<RequestFailedException>(() => queue.SendMessageAsync("text"));

        refusal.Status.ShouldBe(404);
        (refusal.ErrorCode == QueueErrorCode.QueueNotFound).ShouldBeTrue();
    }
}
