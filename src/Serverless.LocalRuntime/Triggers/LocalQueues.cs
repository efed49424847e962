using System.Collections.Concurrent;
using System.Text.Json;
using System.Threading.Channels;

namespace Serverless.LocalRuntime.Triggers;

/// <summary>
/// The queues of the queue-triggered functions, in memory: what is in them is lost with the process. Senders keep what
/// must not be lost in the row store and announce it again.
/// </summary>
public sealed class LocalQueues
{
    private readonly ConcurrentDictionary<string, Channel<string>> _queues = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Puts a message into a queue.</summary>
    /// <param name="queue">The queue's name.</param>
    /// <param name="message">The message; a text is taken as it is, everything else as JSON.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public ValueTask SendAsync(string queue, object message, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(queue);
        ArgumentNullException.ThrowIfNull(message);
        return Get(queue).Writer.WriteAsync(message as string ?? JsonSerializer.Serialize(message), cancellationToken);
    }

    internal ChannelReader<string> Read(string queue) => Get(queue).Reader;

    private Channel<string> Get(string queue) => _queues.GetOrAdd(queue, static _ => Channel.CreateUnbounded<string>());
}
