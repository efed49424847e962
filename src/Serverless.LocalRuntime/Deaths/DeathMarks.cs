using Microsoft.Extensions.Logging;

namespace Serverless.LocalRuntime.Deaths;

/// <summary>
/// Notes which code runs, in a file that the next process reads if this one dies. Code that takes more memory than there is kills the
/// process, and would do so again after each start. So code that was running at <see cref="MaxDeaths"/> deaths in a row, and never ended in
/// between, is not run any more. The file is not synced to the disk: it only has to outlive the process, so a note is cheap.
/// </summary>
/// <remarks>
/// A process that is killed from outside dies while innocent code runs. Three rules keep that code from being blamed. A death counts only
/// if the process was not told to end. Of code that runs for long, only the beginning counts. And code that was running at two deaths runs
/// alone, and only after the process has lived for a while: if the process is killed again and again within that time, such code is not
/// running; later, a kill hits it only by chance.
/// </remarks>
internal sealed class DeathMarks : IDisposable
{
    /// <summary>After how many deaths code is not run any more.</summary>
    public const int MaxDeaths = 3;

    /// <summary>
    /// From how many deaths on code runs alone among its kind, so that the last death is that of one: others that ran by chance are not
    /// taken for the cause.
    /// </summary>
    private const int AloneFrom = MaxDeaths - 1;

    /// <summary>Looks at what runs in the time that counts.</summary>
    private const int Looks = 6;

    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _alone = new(1, 1);
    private readonly CancellationTokenSource _ending = new();
    private readonly Dictionary<string, DeathMark> _marks = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Suspect> _suspects = new(StringComparer.Ordinal);
    private readonly DeathMarkFile _file;
    private readonly TimeProvider _time;
    private int _suspectCount;
    private Task _calm = Task.CompletedTask;
    private TimeSpan? _watch;
    private ITimer? _looking;

    private DeathMarks(DeathMarkFile file, TimeProvider time)
    {
        _file = file;
        _time = time;
    }

    /// <summary>How long a process has to live before what ran at two deaths is run again.</summary>
    public static TimeSpan Calm { get; } = TimeSpan.FromSeconds(5);

    /// <summary>Opens the marks that a former process left.</summary>
    /// <param name="path">The file; null for marks that end with the process.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Told once when the file cannot be written any more.</param>
    /// <param name="watch">What has run for so long is not taken for the cause of a death; null for what does not run for long.</param>
    /// <exception cref="IOException">The file cannot be opened.</exception>
    public static DeathMarks Open(string? path, TimeProvider time, ILogger logger, TimeSpan? watch = null)
    {
        DeathMarks marks = new(DeathMarkFile.Open(path, logger), time);
        if (path is not null)
        {
            marks.Read();
            marks.Watch(watch);
        }

        return marks;
    }

    /// <summary>What is not run any more.</summary>
    public IReadOnlyList<string> Convicted
    {
        get
        {
            lock (_lock)
            {
                return [.. _suspects.Where(suspect => suspect.Value.Deaths >= MaxDeaths).Select(suspect => suspect.Key)];
            }
        }
    }

    /// <summary>What was convicted by the last death.</summary>
    public IReadOnlyList<string> NewlyConvicted { get; private set; } = [];

    /// <summary>All that ran when a process died.</summary>
    public IReadOnlyList<string> Suspects
    {
        get
        {
            lock (_lock)
            {
                return [.. _suspects.Keys];
            }
        }
    }

    /// <summary>Whether there are suspects at all; a look without waiting.</summary>
    public bool HasSuspects => Volatile.Read(ref _suspectCount) > 0;

    /// <summary>Whether the process died while it ran.</summary>
    public bool IsSuspect(string key) => DeathsOf(key) > 0;

    /// <summary>Whether it is to run alone, and later.</summary>
    public bool IsOnProbation(string key) => DeathsOf(key) >= AloneFrom;

    /// <summary>How many processes died, one after the other, while it ran.</summary>
    public int DeathsOf(string key)
    {
        if (!HasSuspects)
        {
            return 0;
        }

        lock (_lock)
        {
            return _suspects.GetValueOrDefault(key)?.Deaths ?? 0;
        }
    }

    /// <summary>
    /// Waits until something may run; that it runs is noted by <see cref="DeathMark.Begin"/>. What waits to be alone when the process is
    /// told to end gets a mark that is not alone, and notes nothing.
    /// </summary>
    public ValueTask<DeathMark> AdmitAsync(string key) => IsOnProbation(key) ? AdmitAloneAsync(key) : new ValueTask<DeathMark>(Admit(key));

    /// <summary>Lets something run that is not on probation.</summary>
    public DeathMark Admit(string key) => new(this, key, isAlone: false);

    /// <summary>Counts a death, or what is counted like one, of what does not run.</summary>
    /// <returns>How many there are now.</returns>
    public int Count(string key)
    {
        lock (_lock)
        {
            var deaths = 1;
            if (_suspects.TryGetValue(key, out var known))
            {
                deaths += known.Deaths;
                _suspects[key] = known with { Deaths = deaths };
                _file.Write(known.Place, new MarkedWork(key, deaths, IsRunning: false));
            }
            else if (MarkedWork.Fits(key) && _file.TryTake(out var free))
            {
                AddSuspect(key, new Suspect(free, deaths));
                _file.Write(free, new MarkedWork(key, deaths, IsRunning: false));
            }

            return deaths;
        }
    }

    /// <summary>Forgets all about something: it has failed, or is not there.</summary>
    public void Forget(string key)
    {
        DeathMark? mark;
        lock (_lock)
        {
            if (!_marks.TryGetValue(key, out mark))
            {
                Acquit(key);
            }
        }

        // Code that never comes back does not end its mark itself.
        mark?.Done();
    }

    /// <summary>Forgets the suspects that are not among some.</summary>
    public void ForgetOthers(IReadOnlyCollection<string> keys)
    {
        foreach (var key in Suspects.Except(keys, StringComparer.Ordinal))
        {
            Forget(key);
        }
    }

    /// <summary>The process is told to end: from here on no death is counted, however it ends.</summary>
    public void Withdraw()
    {
        lock (_lock)
        {
            if (_ending.IsCancellationRequested)
            {
                return;
            }
        }

        // It is cancelled at once; the waiters continue on other threads.
        _ = _ending.CancelAsync();
        foreach (var mark in Running())
        {
            mark.Dispose();
        }
    }

    /// <summary>The process ends by itself.</summary>
    public void Dispose()
    {
        Withdraw();
        _looking?.Dispose();
        lock (_lock)
        {
            _file.Dispose();
        }
    }

    internal void Begin(DeathMark mark)
    {
        lock (_lock)
        {
            if (_ending.IsCancellationRequested || (!_file.IsOpen && !mark.IsAlone))
            {
                return;
            }

            (var place, var deaths) =
                _suspects.TryGetValue(mark.Key, out var suspect) ? (suspect.Place, suspect.Deaths)
                : _marks.TryGetValue(mark.Key, out var other) ? (other.Place, 0)
                : MarkedWork.Fits(mark.Key) && _file.TryTake(out var free) ? ((int?)free, 0)
                : (null, 0);
            mark.Place = place;
            mark.Began = _time.GetTimestamp();
            _marks[mark.Key] = mark;
            _file.Write(place, new MarkedWork(mark.Key, deaths, IsRunning: true));
        }
    }

    internal void End(DeathMark mark, bool done)
    {
        lock (_lock)
        {
            if (_marks.GetValueOrDefault(mark.Key) == mark)
            {
                _marks.Remove(mark.Key);
                if (_suspects.TryGetValue(mark.Key, out var suspect) && !done)
                {
                    _file.Write(suspect.Place, new MarkedWork(mark.Key, suspect.Deaths, IsRunning: false));
                }
                else if (!Acquit(mark.Key))
                {
                    _file.Free(mark.Place);
                }
            }
        }

        if (mark.IsAlone)
        {
            _alone.Release();
        }
    }

    private async ValueTask<DeathMark> AdmitAloneAsync(string key)
    {
        await _calm.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        try
        {
            await _alone.WaitAsync(_ending.Token);
            return new DeathMark(this, key, isAlone: true);
        }
        catch (OperationCanceledException)
        {
            return Admit(key);
        }
    }

    private DeathMark[] Running()
    {
        lock (_lock)
        {
            return [.. _marks.Values];
        }
    }

    private void Watch(TimeSpan? watch)
    {
        if (_suspects.Values.Any(suspect => suspect.Deaths >= AloneFrom))
        {
            _calm = Task.Delay(Calm, _time, _ending.Token);
        }

        if (watch is { } time)
        {
            _watch = time;
            _looking = _time.CreateTimer(static state => ((DeathMarks)state!).Look(), this, time / Looks, time / Looks);
        }
    }

    private void Look()
    {
        var now = _time.GetTimestamp();
        foreach (var mark in Running())
        {
            if (_time.GetElapsedTime(mark.Began, now) >= _watch)
            {
                mark.Done();
            }
        }
    }

    private void Read()
    {
        List<string> convicted = [];
        foreach ((var place, var left) in _file.Read())
        {
            var deaths = left.Deaths + (left.IsRunning ? 1 : 0);
            if (deaths > 0 && AddSuspect(left.Key, new Suspect(place, deaths)))
            {
                _file.Write(place, left with { Deaths = deaths, IsRunning = false });
                if (left.IsRunning && deaths == MaxDeaths)
                {
                    convicted.Add(left.Key);
                }
            }
        }

        NewlyConvicted = convicted;
        _file.KeepOnly(_suspects.Values.Select(suspect => suspect.Place));
    }

    private bool AddSuspect(string key, Suspect suspect)
    {
        var added = _suspects.TryAdd(key, suspect);
        Volatile.Write(ref _suspectCount, _suspects.Count);
        return added;
    }

    private bool Acquit(string key)
    {
        if (!_suspects.Remove(key, out var suspect))
        {
            return false;
        }

        Volatile.Write(ref _suspectCount, _suspects.Count);
        _file.Free(suspect.Place);
        return true;
    }

    private sealed record Suspect(int Place, int Deaths);
}
