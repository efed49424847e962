using Serverless.LocalRuntime.Triggers;

namespace Serverless.LocalRuntime.Tests.Fixtures;

/// <summary>A queue outside the process, on a test's clock; the service can be away.</summary>
internal sealed class FakeQueue(TimeProvider clock) : IMessageQueues, IMessageQueue
{
    private readonly Lock _lock = new();
    private readonly List<Entry> _entries = [];
    private readonly List<string> _poison = [];
    private int _ids;
    private int _receives;

    public bool Away { get; set; }

    /// <summary>True for a queue of which nothing is heard.</summary>
    public bool Silent { get; init; }

    public int Receives => Volatile.Read(ref _receives);

    public int Count => Locked(() => _entries.Count);

    public IReadOnlyList<string> Poison => Locked(() => _poison.ToArray());

    /// <summary>When the messages come again.</summary>
    public IReadOnlyList<DateTimeOffset> Visible => Locked(() => _entries.Select(entry => entry.Visible).ToArray());

    public IMessageQueue Open(string name) => this;

    public Task SendAsync(string text, CancellationToken cancellationToken)
    {
        Add(text);
        return Task.CompletedTask;
    }

    public void Add(string? text, long dequeueCount = 0) =>
        Locked(() =>
        {
            _entries.Add(
                new Entry { Message = new QueuedMessage($"m{++_ids}", "", text ?? "?", text, dequeueCount), Visible = clock.GetUtcNow() }
            );
            return 0;
        });

    public async Task<IReadOnlyList<QueuedMessage>> ReceiveAsync(int count, TimeSpan hiddenFor, CancellationToken cancellationToken)
    {
        if (Silent)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }

        Interlocked.Increment(ref _receives);
        return await Served(() =>
            (IReadOnlyList<QueuedMessage>)
                [
                    .. _entries
                        .Where(entry => entry.Visible <= clock.GetUtcNow())
                        .Take(count)
                        .ToList()
                        .Select(entry => entry.Hide(hiddenFor, clock, taken: true)),
                ]
        );
    }

    public Task<QueuedMessage?> HideAsync(QueuedMessage message, TimeSpan hiddenFor, CancellationToken cancellationToken) =>
        Served(() => Find(message)?.Hide(hiddenFor, clock, taken: false));

    public Task DeleteAsync(QueuedMessage message, CancellationToken cancellationToken) =>
        Served(() => Find(message) is { } entry && _entries.Remove(entry));

    public Task PoisonAsync(QueuedMessage message, CancellationToken cancellationToken) =>
        Served(() =>
        {
            _poison.Add(message.Body);
            return Find(message) is { } entry && _entries.Remove(entry);
        });

    private Entry? Find(QueuedMessage message) =>
        _entries.Find(entry => entry.Message.Id == message.Id && entry.Message.Receipt == message.Receipt);

    private Task<T> Served<T>(Func<T> operation) =>
        Away ? Task.FromException<T>(new HttpRequestException("nobody is there")) : Task.FromResult(Locked(operation));

    private T Locked<T>(Func<T> operation)
    {
        lock (_lock)
        {
            return operation();
        }
    }

    private sealed class Entry
    {
        private int _receipts;

        public required QueuedMessage Message { get; set; }

        public DateTimeOffset Visible { get; set; }

        public QueuedMessage Hide(TimeSpan hiddenFor, TimeProvider clock, bool taken)
        {
            Visible = clock.GetUtcNow() + hiddenFor;
            return Message = Message with { Receipt = $"r{++_receipts}", DequeueCount = Message.DequeueCount + (taken ? 1 : 0) };
        }
    }
}
