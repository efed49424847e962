using Serverless.Server.Outbox;

namespace Serverless.Host;

/// <summary>At start-up: announces what the process before did not get to dispatch. Its queue was in memory.</summary>
internal sealed class OutboxRecovery(OutboxStore outbox, IOutboxAnnouncer announcer) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        string? continuation = null;
        do
        {
            OutboxPage page = await outbox.ReadAsync(limit: 1000, continuation: continuation, cancellationToken: cancellationToken);
            foreach (OutboxEntry entry in page.Entries)
            {
                announcer.Announce(entry);
            }

            continuation = page.Continuation;
        }
        while (continuation is not null);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
