using Serverless.Core.Filters;
using Serverless.Core.Models;
using Serverless.Server.Queries;

namespace Serverless.Server.Logs;

/// <summary>Passes the lines that this process stores to those who follow logs.</summary>
public sealed class LiveLogs
{
    private readonly Lock _lock = new();
    private readonly RequestMemory _memory;
    private LiveLog[] _followers = [];

    internal LiveLogs(RequestMemory memory) => _memory = memory;

    /// <summary>How many follow.</summary>
    internal int Count => Volatile.Read(ref _followers).Length;

    /// <summary>Begins to follow; disposing of what is returned is the end.</summary>
    /// <param name="filter">Which lines.</param>
    internal LiveLog Follow(LogFilter filter)
    {
        LiveLog follower = new(this, filter, _memory.Open());
        lock (_lock)
        {
            Volatile.Write(ref _followers, [.. _followers, follower]);
        }

        return follower;
    }

    /// <summary>Lines have been stored.</summary>
    internal void Publish(IEnumerable<Log> lines)
    {
        var followers = Volatile.Read(ref _followers);
        if (followers.Length == 0)
        {
            return;
        }

        foreach (var line in lines)
        {
            foreach (var follower in followers)
            {
                follower.Offer(line);
            }
        }
    }

    internal void Leave(LiveLog follower)
    {
        lock (_lock)
        {
            Volatile.Write(ref _followers, [.. _followers.Where(other => other != follower)]);
        }
    }
}
