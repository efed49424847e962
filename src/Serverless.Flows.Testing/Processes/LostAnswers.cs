using Serverless.Functions.TaskRuns;

namespace Serverless.Flows.Testing.Processes;

/// <summary>Has a process end when an activity has ended, before anybody has heard its answer.</summary>
/// <param name="process">The process.</param>
internal sealed class LostAnswers(TestProcess process)
{
    private int _left;

    /// <summary>The task run whose answer was lost; null for none, or that of an activity of the engine.</summary>
    public Guid? TaskRunId { get; private set; }

    /// <summary>The answer to lose, counted from here on.</summary>
    public void LoseAt(int answer) => Volatile.Write(ref _left, answer);

    /// <summary>An activity has ended, and all that it wrote is stored.</summary>
    public async Task OnAnswerAsync(string activity, string? input)
    {
        if (process.Store.IsDead || Interlocked.Decrement(ref _left) != 0)
        {
            return;
        }

        if (activity == nameof(TaskRunActivity) && process.Core.Converter.Deserialize<TaskAttemptInput>(input) is { } attempt)
        {
            TaskRunId = attempt.Settings.TaskRunIdOf(attempt.Item);
        }

        await process.Store.DieAsync();
        await new TaskCompletionSource().Task;
    }
}
