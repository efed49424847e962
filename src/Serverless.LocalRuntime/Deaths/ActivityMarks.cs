using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Serverless.LocalRuntime.Activities;

namespace Serverless.LocalRuntime.Deaths;

/// <summary>
/// Which activities run, kept where the next process finds it if this one dies. A call under which the process died
/// <see cref="DeathMarks.MaxDeaths"/> times is not run any more; after as many such calls no more are run of that activity below that
/// orchestration, which may have thousands.
/// </summary>
internal sealed class ActivityMarks : IDisposable
{
    private readonly DeathMarks _marks;

    private ActivityMarks(DeathMarks marks) => _marks = marks;

    /// <summary>
    /// What has run for so long is not taken for the cause of a death: an activity may run for hours, in which a process is killed for many
    /// reasons.
    /// </summary>
    public static TimeSpan Watch { get; } = TimeSpan.FromSeconds(30);

    /// <summary>Opens the marks that a former process left.</summary>
    /// <param name="path">The file; null for marks that end with the process.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Told once when the file cannot be written any more.</param>
    /// <exception cref="IOException">The file cannot be opened.</exception>
    public static ActivityMarks Open(string? path, TimeProvider time, ILogger logger)
    {
        // Who debugs kills the process, again and again, at the same place.
        var marks = DeathMarks.Open(Debugger.IsAttached ? null : path, time, logger, Watch);
        foreach (var key in marks.NewlyConvicted)
        {
            marks.Count(ActivityKey.AllOf(key));
        }

        return new ActivityMarks(marks);
    }

    /// <summary>Whether a process died under anything that may still be run.</summary>
    public bool HasSuspects => _marks.HasSuspects;

    /// <summary>Whether a call is to run alone, and later than others.</summary>
    public bool IsOnProbation(ActivityWork work) => _marks.HasSuspects && _marks.IsOnProbation(work.Key);

    /// <summary>Why a call is not run; null for one that is.</summary>
    public DiedTooOftenException? Verdict(ActivityWork work)
    {
        if (!_marks.HasSuspects)
        {
            return null;
        }

        return _marks.DeathsOf(work.Key) >= DeathMarks.MaxDeaths ? DiedTooOftenException.InActivity(work.Action.Name)
            : _marks.DeathsOf(ActivityKey.OfAll(work.RootId, work.Action.Name)) >= DeathMarks.MaxDeaths
                ? DiedTooOftenException.InActivities(work.Action.Name)
            : null;
    }

    /// <summary>Waits until a call may run; null when the process is told to end before.</summary>
    public ValueTask<DeathMark?> AdmitAsync(ActivityWork work)
    {
        var key = work.Key;
        return _marks.IsOnProbation(key) ? AdmitAloneAsync(key) : new ValueTask<DeathMark?>(_marks.Admit(key));
    }

    /// <summary>The outcome of a call is durable, or of no interest.</summary>
    public void Settled(string executionId, int taskId)
    {
        if (!_marks.HasSuspects)
        {
            return;
        }

        var start = ActivityKey.StartOf(executionId, taskId);
        foreach (var key in _marks.Suspects.Where(key => key.StartsWith(start, StringComparison.Ordinal)))
        {
            _marks.Forget(key);
        }
    }

    /// <summary>The suspects, to be looked for among the open orchestrations.</summary>
    public ActivitySuspects FindSuspects() => new(_marks.Suspects);

    /// <summary>Forgets the suspects whose orchestrations are not open.</summary>
    public void ForgetOthers(ActivitySuspects found) => _marks.ForgetOthers(found.Open);

    /// <summary>The process is told to end.</summary>
    public void Withdraw() => _marks.Withdraw();

    public void Dispose() => _marks.Dispose();

    private async ValueTask<DeathMark?> AdmitAloneAsync(string key) => await _marks.AdmitAsync(key) is { IsAlone: true } mark ? mark : null;
}
