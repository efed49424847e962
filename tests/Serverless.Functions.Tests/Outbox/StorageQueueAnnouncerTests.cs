using System.Net;
using System.Text;
using System.Xml.Linq;
using Microsoft.Extensions.Logging.Abstractions;
using Serverless.Core.States;
using Serverless.Functions.Outbox;
using Serverless.Server.Outbox;
using Serverless.Storage;

namespace Serverless.Functions.Tests.Outbox;

/// <summary>Announcements as the queue service receives them.</summary>
public sealed class StorageQueueAnnouncerTests
{
    private static readonly OutboxEntry Entry = new(
        "0638|a",
        OutboxKind.Start,
        new Guid("01a1fcba-73c6-7a4f-a3aa-cdcd5635174e"),
        2,
        StateType.Scheduled
    );

    [Fact]
    public async Task StartingAsync_AbsentQueue_CreatesIt()
    {
        using QueueService service = new();
        using var announcer = Announcer(service);

        await announcer.StartingAsync(CancellationToken.None);

        service.Requests.ShouldHaveSingleItem().ShouldBe((HttpMethod.Put, "/account/serverless-outbox", string.Empty));
    }

    [Fact]
    public async Task StartingAsync_ServiceRefuses_IsOneLine()
    {
        using QueueService service = new() { Answer = HttpStatusCode.Forbidden };
        using var announcer = Announcer(service);

        var error = await Should.ThrowAsync<RowStoreOpenException>(() => announcer.StartingAsync(CancellationToken.None));

        error.Message.ShouldStartWith("The queue 'serverless-outbox' at http://127.0.0.1:1/account/serverless-outbox cannot be used: ");
        error.Message.ShouldNotContain("\n");
    }

    [Fact]
    public async Task Announce_Entry_SendsItInBase64BeforeTheAppStops()
    {
        using QueueService service = new();
        using var announcer = Announcer(service);
        await announcer.StartAsync(CancellationToken.None);

        announcer.Announce(Entry);
        await announcer.StopAsync(CancellationToken.None);

        (var method, var path, var body) = service.Requests.ShouldHaveSingleItem();
        method.ShouldBe(HttpMethod.Post);
        path.ShouldBe("/account/serverless-outbox/messages");
        var text = XElement.Parse(body).Element("MessageText")!.Value;
        OutboxEntry.FromMessage(Encoding.UTF8.GetString(Convert.FromBase64String(text))).ShouldBe(Entry);
    }

    [Fact]
    public async Task Announce_ServiceRefuses_GoesOnWithTheNext()
    {
        using QueueService service = new() { Answer = HttpStatusCode.Forbidden };
        using var announcer = Announcer(service);
        await announcer.StartAsync(CancellationToken.None);

        for (var i = 0; i < 40; i++)
        {
            announcer.Announce(Entry);
        }

        await announcer.StopAsync(CancellationToken.None);

        service.Requests.Count.ShouldBe(40);
    }

    private static StorageQueueAnnouncer Announcer(QueueService service) =>
        new(service.Account.GetQueue("serverless-outbox"), NullLogger<StorageQueueAnnouncer>.Instance);
}
