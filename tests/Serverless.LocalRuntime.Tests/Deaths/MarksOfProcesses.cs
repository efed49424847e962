using Microsoft.Extensions.Logging.Abstractions;
using Serverless.LocalRuntime.Deaths;
using Serverless.Testing;

namespace Serverless.LocalRuntime.Tests.Deaths;

/// <summary>
/// The marks of one process after the other, each of which may die: the next one finds the file as it was at that moment.
/// </summary>
internal sealed class MarksOfProcesses : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("serverless-marks-");
    private readonly List<DeathMarks> _opened = [];
    private int _deaths;

    /// <summary>The clock of all of them.</summary>
    public ManualTimeProvider Clock { get; } = new();

    /// <summary>The file of the process that runs now, or runs next.</summary>
    public string Path { get; private set; }

    public MarksOfProcesses() => Path = System.IO.Path.Combine(_folder.FullName, "0");

    /// <summary>A process starts.</summary>
    public DeathMarks Start(TimeSpan? watch = null)
    {
        DeathMarks marks = DeathMarks.Open(Path, Clock, NullLogger.Instance, watch);
        _opened.Add(marks);
        return marks;
    }

    /// <summary>A process starts, and has lived for so long that what ran at former deaths may run.</summary>
    public DeathMarks StartCalmly()
    {
        var marks = Start();
        Clock.Advance(DeathMarks.Calm);
        return marks;
    }

    /// <summary>It dies. What it does afterwards nobody sees.</summary>
    public void Die()
    {
        var next = System.IO.Path.Combine(_folder.FullName, $"{++_deaths}");
        File.Copy(Path, next);
        Path = next;
    }

    /// <summary>Processes start, begin a turn of an instance, and die in it.</summary>
    public async Task DieInTurnsOfAsync(string instanceId, int times)
    {
        for (var i = 0; i < times; i++)
        {
            await StartCalmly().BeginAsync(instanceId);
            Die();
        }
    }

    public void Dispose()
    {
        _opened.ForEach(marks => marks.Dispose());
        _folder.Delete(recursive: true);
    }
}
