using System.Threading.Channels;
using Serverless.Core.Filters;
using Serverless.Core.Models;
using Serverless.Server.Queries;

namespace Serverless.Server.Logs;

/// <summary>
/// The lines for one who follows logs. Those that it does not take in time wait, within bounds; beyond them it misses lines, so that nobody
/// who writes has to wait for it.
/// </summary>
internal sealed class LiveLog : IDisposable
{
    /// <summary>The most lines that wait (Prefect's).</summary>
    public const int MostLines = 256;

    /// <summary>The most bytes of lines that wait.</summary>
    public const int MostBytes = 1024 * 1024;

    /// <summary>About what a line takes besides its texts.</summary>
    private const int BytesOfLine = 300;

    private readonly Channel<Log> _lines = Channel.CreateBounded<Log>(
        new BoundedChannelOptions(MostLines) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait }
    );
    private readonly LiveLogs _logs;
    private readonly LogFilter _filter;
    private readonly RequestMemory.Lease _memory;
    private long _bytes;

    public LiveLog(LiveLogs logs, LogFilter filter, RequestMemory.Lease memory)
    {
        _logs = logs;
        _filter = filter;
        _memory = memory;
    }

    /// <summary>Completes when there is a line.</summary>
    public ValueTask<bool> WaitAsync(CancellationToken cancellationToken) => _lines.Reader.WaitToReadAsync(cancellationToken);

    /// <summary>The next line; null when there is none yet.</summary>
    public Log? TryTake()
    {
        if (!_lines.Reader.TryRead(out var line))
        {
            return null;
        }

        var bytes = BytesOf(line);
        Interlocked.Add(ref _bytes, -bytes);
        _memory.Give(bytes);
        return line;
    }

    /// <summary>A line has been stored.</summary>
    internal void Offer(Log line)
    {
        if (!_filter.Matches(line))
        {
            return;
        }

        var bytes = BytesOf(line);
        if (Interlocked.Add(ref _bytes, bytes) > MostBytes || !TryHold(bytes))
        {
            Interlocked.Add(ref _bytes, -bytes);
        }
        else if (!_lines.Writer.TryWrite(line))
        {
            Interlocked.Add(ref _bytes, -bytes);
            _memory.Give(bytes);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _logs.Leave(this);
        _memory.Dispose();
    }

    private bool TryHold(long bytes)
    {
        try
        {
            _memory.Take(bytes);
            return true;
        }
        catch (OverloadedException)
        {
            // Requests need the memory more.
            return false;
        }
    }

    private static long BytesOf(Log line) => BytesOfLine + (2L * (line.Message.Length + line.Name.Length));
}
