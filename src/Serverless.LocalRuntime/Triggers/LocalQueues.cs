using System.Collections.Concurrent;
using System.Text.Json;
using System.Threading.Channels;

namespace Serverless.LocalRuntime.Triggers;

/// <summary>
/// The queues of the queue-triggered functions, as this process uses them. Without <see cref="IMessageQueues"/> they are in
/// memory: what is in them is lost with the process. Senders keep what must not be lost in the row store and announce it again.
/// </summary>
/// <param name="stored">The queues outside the process; null for queues in memory.</param>
public sealed class LocalQueues(IMessageQueues? stored = null)
{
    private readonly ConcurrentDictionary<string, Channel<string>> _queues = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<string, PollSignal> _signals = new(StringComparer.OrdinalIgnoreCase);
    private int _unhandled;

    /// <summary>How many messages in memory were sent and are not handled to their end.</summary>
    internal int Unhandled => Volatile.Read(ref _unhandled);

    /// <summary>Puts a message into a queue.</summary>
    /// <param name="queue">The queue's name.</param>
    /// <param name="message">The message; a text is taken as it is, everything else as JSON.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async ValueTask SendAsync(string queue, object message, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(queue);
        ArgumentNullException.ThrowIfNull(message);
        var text = message as string ?? JsonSerializer.Serialize(message);
        if (stored is null)
        {
            Interlocked.Increment(ref _unhandled);
            await Get(queue).Writer.WriteAsync(text, cancellationToken);
            return;
        }

        await stored.Open(queue).SendAsync(text, cancellationToken);
        Wake(queue);
    }

    /// <summary>Has a queue outside the process looked into at once, because somebody else in this process has sent to it.</summary>
    /// <param name="queue">The queue's name.</param>
    public void Wake(string queue) => SignalOf(queue).Set();

    /// <summary>A message in memory was handled, or set aside.</summary>
    internal void Handled() => Interlocked.Decrement(ref _unhandled);

    internal IMessageQueue? Stored(string queue) => stored?.Open(queue);

    internal PollSignal SignalOf(string queue) => _signals.GetOrAdd(queue, static _ => new PollSignal());

    internal ChannelReader<string> Read(string queue) => Get(queue).Reader;

    private Channel<string> Get(string queue) => _queues.GetOrAdd(queue, static _ => Channel.CreateUnbounded<string>());
}
