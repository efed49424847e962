using Microsoft.Extensions.Hosting;
using Serverless.Server.Outbox;

namespace Serverless.Functions.Tests.Fixtures;

/// <summary>At start-up: announces what the process before did not get to dispatch, as the embedded host does.</summary>
internal sealed class OutboxAnnouncement(OutboxStore outbox, IOutboxAnnouncer announcer) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await foreach (var entry in outbox.ReadAsync(cancellationToken: cancellationToken))
        {
            announcer.Announce(entry);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
