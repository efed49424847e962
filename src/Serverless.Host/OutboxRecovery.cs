using Serverless.Server.Outbox;

namespace Serverless.Host;

/// <summary>At start-up: announces what the process before did not get to dispatch. Its queue was in memory.</summary>
internal sealed class OutboxRecovery(OutboxStore outbox, IOutboxAnnouncer announcer) : IHostedService
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
