using System.Collections.Concurrent;
using Serverless.LocalRuntime.Hosting;

namespace Serverless.LocalRuntime.Instances;

/// <summary>Keeps the number of instances in memory bounded: the longest idle ones leave first.</summary>
internal sealed class Evictor : IDisposable
{
    private readonly ConcurrentDictionary<string, InstanceActor> _actors;
    private readonly LocalRuntimeOptions _options;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private int _untilSweep;

    public Evictor(ConcurrentDictionary<string, InstanceActor> actors, LocalRuntimeOptions options, TimeProvider time)
    {
        _actors = actors;
        _options = options;
        _time = time;
        _untilSweep = options.MaxLiveInstances;
        _timer = time.CreateTimer(static state => ((Evictor)state!).Sweep(), this, options.IdleTimeout, options.IdleTimeout);
    }

    /// <summary>An instance came into memory.</summary>
    public void Added()
    {
        if (Interlocked.Decrement(ref _untilSweep) == 0)
        {
            ThreadPool.UnsafeQueueUserWorkItem(static evictor => evictor.Sweep(), this, preferLocal: false);
        }
    }

    public void Dispose() => _timer.Dispose();

    private void Sweep()
    {
        var excess = _actors.Count - (_options.MaxLiveInstances * 9 / 10);
        foreach (var actor in _actors.Values.OrderBy(actor => actor.LastActive))
        {
            var idle = _time.GetElapsedTime(actor.LastActive) >= _options.IdleTimeout;
            if (!idle && excess <= 0)
            {
                break;
            }

            if (actor.TryEvict())
            {
                _actors.TryRemove(new KeyValuePair<string, InstanceActor>(actor.Id, actor));
                excess--;
            }
        }

        Interlocked.Exchange(ref _untilSweep, Math.Max(_options.MaxLiveInstances / 10, _options.MaxLiveInstances - _actors.Count));
    }
}
