using System.Globalization;
using Microsoft.DurableTask;
using Serverless.Core.Ids;
using Serverless.Flows;
using Serverless.Functions.Histories;

namespace Serverless.Functions.Engine;

/// <summary>
/// Notices that the code of a flow has changed while its run was open: the history has the answer to another call than the one that the
/// code makes now. The Functions host compares only the names of functions, which are the same for all tasks; here is compared what the
/// answers are about: a run, or what the question named. The embedded runtime also compares the tags of calls that have no answer yet.
/// </summary>
/// <param name="activities">How activities are called.</param>
/// <param name="flowRunId">The run.</param>
/// <param name="flows">The tasks and flows of the app, to name the call that the history has.</param>
internal sealed class RecordedCalls(OwnActivities activities, Guid flowRunId, FlowRegistry flows)
{
    /// <summary>How many calls of each task are looked through for the one that the history has.</summary>
    private const int MostCalls = 1_000;

    /// <summary>The tag that the embedded runtime compares.</summary>
    private const string CallTag = "call";

    private readonly TaskCompletionSource<string> _changed = new();
    private readonly Dictionary<string, TaskOptions> _options = new(StringComparer.Ordinal);

    /// <summary>Completes with what is different, in words.</summary>
    public Task<string> Changed => _changed.Task;

    /// <summary>
    /// Options that say what an activity is called for. The embedded runtime keeps the tag in the history, and compares it; in the
    /// histories of the Functions host it can be read.
    /// </summary>
    /// <param name="what">The key of the task, flow or deployment, the name of the variable, and so on.</param>
    public TaskOptions OptionsFor(string what)
    {
        if (!_options.TryGetValue(what, out var options))
        {
            options = new TaskOptions(null, new Dictionary<string, string>(StringComparer.Ordinal) { [CallTag] = what });
            _options.Add(what, options);
        }

        return options;
    }

    /// <summary>What an activity was called for, by the tags of the call; null where these are not kept.</summary>
    public static string? TagOf(IDictionary<string, string>? tags) => tags?.TryGetValue(CallTag, out var tag) is true ? tag : null;

    /// <summary>Passes on the answer to a call, if it is one to that call: otherwise the call never ends, and the run does.</summary>
    /// <param name="answer">What the history has.</param>
    /// <param name="taskRunId">The task run that the answer is about; of a batch, the first one.</param>
    /// <param name="key">The key of the task or flow that the code calls.</param>
    /// <param name="call">The number of the call; of a batch, the first one.</param>
    /// <param name="answered">How many calls the answer is about.</param>
    /// <param name="called">How many calls the code makes at once.</param>
    public Task<T> CheckAsync<T>(T answer, Guid taskRunId, string key, int call, int answered = 1, int called = 1)
    {
        if (taskRunId == StableIds.TaskRun(flowRunId, key, call) && answered == called)
        {
            return Task.FromResult(answer);
        }

        return NeverAsync<T>($"it now calls {Name(key, call, called)} where the run's history has {Find(taskRunId, answered)}");
    }

    /// <summary>Asks an activity, and passes its answer on if it is one to this question: otherwise the call never ends.</summary>
    /// <param name="activity">The activity's name.</param>
    /// <param name="input">What it needs.</param>
    /// <param name="about">What the question is about: see <see cref="OptionsFor"/>.</param>
    public async Task<TAnswer> AskAsync<TInput, TAnswer>(string activity, TInput input, string about)
    {
        var answered = await activities.CallAsync<Answered<TAnswer>>(activity, new Asked<TInput>(about, input), OptionsFor(about));
        return await CheckAsync(activity, answered.Answer, answered.About, about);
    }

    /// <summary>Passes on the answer of an activity, if it is about what was asked.</summary>
    public Task<T> CheckAsync<T>(string activity, T answer, string? answeredAbout, string about)
    {
        return answeredAbout == about
            ? Task.FromResult(answer)
            : NeverAsync<T>($"it now comes to {Name(about)} where the run's history has {Name(answeredAbout)}");

        string Name(string? what) => CallNames.Of(RecordedCallKind.Activity, activity, what);
    }

    private Task<T> NeverAsync<T>(string difference)
    {
        _changed.TrySetResult(
            $"The flow's code has changed since this run began: {difference}. Let open runs end before you change the calls of a flow, "
                + "or give the changed flow a new name."
        );
        return new TaskCompletionSource<T>().Task;
    }

    private static string Name(string key, int call, int count) =>
        count == 1
            ? string.Create(CultureInfo.InvariantCulture, $"{key}, call {call}")
            : string.Create(CultureInfo.InvariantCulture, $"{key}, calls {call} to {call + count - 1}");

    private string Find(Guid taskRunId, int count)
    {
        foreach (var key in flows.Tasks.Select(task => task.Key).Concat(flows.Flows.Select(flow => flow.Key)))
        {
            for (var call = 0; call < MostCalls; call++)
            {
                if (StableIds.TaskRun(flowRunId, key, call) == taskRunId)
                {
                    return Name(key, call, count);
                }
            }
        }

        return $"another call (task run {taskRunId})";
    }
}
