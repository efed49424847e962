using Microsoft.Extensions.Logging;
using Microsoft.Win32.SafeHandles;

namespace Serverless.LocalRuntime.Deaths;

/// <summary>
/// Which instances are in a turn, kept where the next process finds it if this one dies: an orchestrator that takes more memory than there
/// is takes the process with it, and would do so again after each start. What is written to a file outlives the process without being
/// made durable, so that a turn costs no write to the disk. An instance in whose turns the process has died <see cref="MaxDeaths"/> times, with
/// no turn that ended in between, is not run any more.
/// </summary>
internal sealed class TurnMarks : IDisposable
{
    /// <summary>After how many deaths an instance is not run any more.</summary>
    public const int MaxDeaths = 3;

    /// <summary>
    /// From how many deaths on an instance computes alone among its kind, so that the last death is that of one instance: others that were in a
    /// turn by chance are not taken for the cause.
    /// </summary>
    private const int AloneFrom = MaxDeaths - 1;

    private const int Places = 512;

    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _alone = new(1, 1);
    private readonly Dictionary<string, TurnMark> _marks = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Suspect> _suspects = new(StringComparer.Ordinal);
    private readonly Stack<int> _free = new(Enumerable.Range(0, Places).Reverse());
    private readonly ILogger _logger;
    private SafeFileHandle? _file;

    private TurnMarks(SafeFileHandle? file, ILogger logger)
    {
        _file = file;
        _logger = logger;
    }

    /// <summary>Opens the marks that a former process left.</summary>
    /// <param name="path">The file; null for marks that end with the process.</param>
    /// <param name="logger">Told once when the file cannot be written any more.</param>
    /// <exception cref="IOException">The file cannot be opened.</exception>
    public static TurnMarks Open(string? path, ILogger logger)
    {
        if (path is null)
        {
            return new TurnMarks(null, logger);
        }

        FileStreamOptions options = new() { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.ReadWrite };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        // The stream is only there to create the file with its mode.
        new FileStream(path, options).Dispose();
        TurnMarks marks = new(File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite), logger);
        marks.Read();
        return marks;
    }

    /// <summary>The instances that are not run any more.</summary>
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

    /// <summary>Whether the process died in a turn of the instance.</summary>
    public bool IsSuspect(string instanceId)
    {
        lock (_lock)
        {
            return _suspects.ContainsKey(instanceId);
        }
    }

    /// <summary>Marks an instance whose code is about to run; waits if it has to compute alone.</summary>
    public ValueTask<TurnMark> BeginAsync(string instanceId)
    {
        lock (_lock)
        {
            if (!_suspects.TryGetValue(instanceId, out Suspect? suspect) || suspect.Deaths < AloneFrom)
            {
                return new ValueTask<TurnMark>(Begin(instanceId, isAlone: false));
            }
        }

        return BeginAloneAsync(instanceId);
    }

    /// <summary>Forgets all about an instance: it has failed, or is not there.</summary>
    public void Forget(string instanceId)
    {
        TurnMark? mark;
        lock (_lock)
        {
            _marks.TryGetValue(instanceId, out mark);
            if (mark is null && _suspects.Remove(instanceId, out Suspect? suspect))
            {
                Clear(suspect.Place);
            }
        }

        // One whose code never comes back does not end its mark itself.
        mark?.Done();
    }

    /// <summary>Forgets the suspects that are not among some instances.</summary>
    public void ForgetOthers(IReadOnlyCollection<string> instanceIds)
    {
        string[] gone;
        lock (_lock)
        {
            gone = [.. _suspects.Keys.Except(instanceIds, StringComparer.Ordinal)];
        }

        foreach (string instanceId in gone)
        {
            Forget(instanceId);
        }
    }

    /// <summary>The process ends by itself: no turn is its death.</summary>
    public void Dispose()
    {
        TurnMark[] marks;
        lock (_lock)
        {
            marks = [.. _marks.Values];
        }

        foreach (TurnMark mark in marks)
        {
            mark.Dispose();
        }

        lock (_lock)
        {
            _file?.Dispose();
            _file = null;
        }
    }

    internal void End(TurnMark mark, bool done)
    {
        lock (_lock)
        {
            _marks.Remove(mark.InstanceId);
            if (_suspects.TryGetValue(mark.InstanceId, out Suspect? suspect) && !done)
            {
                Write(suspect.Place, new MarkedTurn(mark.InstanceId, suspect.Deaths, IsInTurn: false));
            }
            else
            {
                _suspects.Remove(mark.InstanceId);
                Clear(mark.Place);
            }
        }

        if (mark.IsAlone)
        {
            _alone.Release();
        }
    }

    private async ValueTask<TurnMark> BeginAloneAsync(string instanceId)
    {
        await _alone.WaitAsync();
        lock (_lock)
        {
            return Begin(instanceId, isAlone: true);
        }
    }

    private TurnMark Begin(string instanceId, bool isAlone)
    {
        (int? place, int deaths) = _suspects.TryGetValue(instanceId, out Suspect? suspect) ? (suspect.Place, suspect.Deaths)
            : MarkedTurn.Fits(instanceId) && _free.TryPop(out int free) ? ((int?)free, 0)
            : (null, 0);
        TurnMark mark = new(this, instanceId, place, isAlone);
        _marks[instanceId] = mark;
        Write(place, new MarkedTurn(instanceId, deaths, IsInTurn: true));
        return mark;
    }

    private void Read()
    {
        byte[] bytes = new byte[Places * MarkedTurn.Size];
        int length = RandomAccess.Read(_file!, bytes, 0);
        List<int> taken = [];
        for (int place = 0; (place + 1) * MarkedTurn.Size <= length; place++)
        {
            if (MarkedTurn.Read(bytes.AsSpan(place * MarkedTurn.Size, MarkedTurn.Size)) is not { } left)
            {
                continue;
            }

            int deaths = left.Deaths + (left.IsInTurn ? 1 : 0);
            if (deaths > 0 && _suspects.TryAdd(left.InstanceId, new Suspect(place, deaths)))
            {
                taken.Add(place);
                Write(place, left with { Deaths = deaths, IsInTurn = false });
            }
        }

        _free.Clear();
        foreach (int place in Enumerable.Range(0, Places).Except(taken).Reverse())
        {
            _free.Push(place);
        }
    }

    private void Clear(int? place)
    {
        if (place is { } known)
        {
            Write(known, null);
            _free.Push(known);
        }
    }

    private void Write(int? place, MarkedTurn? turn)
    {
        if (_file is null || place is not { } known)
        {
            return;
        }

        Span<byte> bytes = stackalloc byte[MarkedTurn.Size];
        bytes.Clear();
        turn?.Write(bytes);
        try
        {
            // Of a place that is given up the beginning is enough.
            RandomAccess.Write(_file, turn is null ? bytes[..MarkedTurn.HeadSize] : bytes, (long)known * MarkedTurn.Size);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The turns themselves do not need it.
            _logger.MarksAway(exception);
            _file.Dispose();
            _file = null;
        }
    }

    private sealed record Suspect(int Place, int Deaths);
}
