using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using Microsoft.Win32.SafeHandles;

namespace Serverless.LocalRuntime.Deaths;

/// <summary>
/// The file of the death marks: a fixed number of places, each with one piece of work. Not safe for threads. If the file cannot be written
/// any more, it is closed and the work runs without marks.
/// </summary>
internal sealed class DeathMarkFile : IDisposable
{
    private const int Places = 512;

    private readonly Stack<int> _free = new(Enumerable.Range(0, Places).Reverse());
    private readonly ILogger _logger;
    private SafeFileHandle? _handle;

    private DeathMarkFile(SafeFileHandle? handle, ILogger logger)
    {
        _handle = handle;
        _logger = logger;
    }

    /// <summary>Whether what is written outlives the process.</summary>
    public bool IsOpen => _handle is not null;

    /// <summary>Opens the file, and creates it if there is none.</summary>
    /// <param name="path">The file; null for places in memory only.</param>
    /// <param name="logger">Told once when the file cannot be written any more.</param>
    /// <exception cref="IOException">The file cannot be opened.</exception>
    public static DeathMarkFile Open(string? path, ILogger logger)
    {
        if (path is null)
        {
            return new DeathMarkFile(null, logger);
        }

        FileStreamOptions options = new()
        {
            Mode = FileMode.OpenOrCreate,
            Access = FileAccess.ReadWrite,
            Share = FileShare.ReadWrite,
        };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        // The stream is only there to create the file with its mode.
        new FileStream(path, options).Dispose();
        return new DeathMarkFile(File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite), logger);
    }

    /// <summary>What a former process left, with its places.</summary>
    public IReadOnlyList<(int Place, MarkedWork Work)> Read()
    {
        var bytes = new byte[Places * MarkedWork.Size];
        var length = RandomAccess.Read(_handle!, bytes, 0);
        List<(int Place, MarkedWork Work)> found = [];
        for (var place = 0; (place + 1) * MarkedWork.Size <= length; place++)
        {
            if (MarkedWork.Read(bytes.AsSpan(place * MarkedWork.Size, MarkedWork.Size)) is { } work)
            {
                found.Add((place, work));
            }
        }

        return found;
    }

    /// <summary>Says which places are taken; all others are free.</summary>
    public void KeepOnly(IEnumerable<int> taken)
    {
        _free.Clear();
        foreach (var place in Enumerable.Range(0, Places).Except(taken).Reverse())
        {
            _free.Push(place);
        }
    }

    /// <summary>Takes a free place. False when all are taken.</summary>
    public bool TryTake([MaybeNullWhen(false)] out int place) => _free.TryPop(out place);

    /// <summary>Empties a place, so that it can be taken again.</summary>
    public void Free(int? place)
    {
        if (place is { } known)
        {
            Span<byte> header = stackalloc byte[MarkedWork.HeadSize];
            header.Clear();
            Write(known, header);
            _free.Push(known);
        }
    }

    /// <summary>Writes a piece of work to its place; does nothing if it has none.</summary>
    public void Write(int? place, MarkedWork work)
    {
        if (_handle is not null && place is { } known)
        {
            Span<byte> bytes = stackalloc byte[MarkedWork.Size];
            bytes.Clear();
            work.Write(bytes);
            Write(known, bytes);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _handle?.Dispose();
        _handle = null;
    }

    private void Write(int place, ReadOnlySpan<byte> bytes)
    {
        if (_handle is null)
        {
            return;
        }

        try
        {
            RandomAccess.Write(_handle, bytes, (long)place * MarkedWork.Size);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            _logger.MarksAway(exception);
            Dispose();
        }
    }
}
