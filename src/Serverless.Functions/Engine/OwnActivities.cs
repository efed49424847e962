using Microsoft.DurableTask;
using Microsoft.Extensions.Logging;
using Serverless.Core.Text;

namespace Serverless.Functions.Engine;

/// <summary>
/// How an orchestration calls the app's own activities. An author's failure is an answer of the activity, never an exception: what throws
/// is the trouble of what runs it. The first failure is told in the run's log, and what does not get better by waiting is not waited for.
/// </summary>
/// <param name="context">The orchestration.</param>
/// <param name="log">The run's log; silent in replays.</param>
internal sealed class OwnActivities(TaskOrchestrationContext context, ILogger log)
{
    /// <summary>Attempts while the store or a server is away: for about two hours, from one second apart to five minutes.</summary>
    internal const int AttemptsWhileAway = 30;

    /// <summary>Attempts at whatever else fails: for about two minutes.</summary>
    internal const int AttemptsOtherwise = 8;

    private static readonly TimeSpan LongestDelay = TimeSpan.FromMinutes(5);

    /// <summary>What has been told: one line for each activity and kind of failure, however many task runs there are.</summary>
    private readonly HashSet<(string Activity, string Error)> _told = [];

    /// <summary>Calls an activity, again and again as long as that makes sense.</summary>
    /// <param name="activity">The activity's name.</param>
    /// <param name="input">Its input.</param>
    /// <param name="options">What the call is for: see <see cref="RecordedCalls.OptionsFor"/>; null for what its name says.</param>
    /// <exception cref="TaskFailedException">It failed for good.</exception>
    public async Task<T> CallAsync<T>(string activity, object input, TaskOptions? options = null)
    {
        for (var attempt = 1; ; attempt++)
        {
            TimeSpan delay;
            try
            {
                return await context.CallActivityAsync<T>(activity, input, options);
            }
            catch (TaskFailedException failed)
            {
                var failure = failed.FailureDetails;
                var most =
                    CrashedStates.IsLasting(failure) ? 1
                    : CrashedStates.IsAway(failure) ? AttemptsWhileAway
                    : AttemptsOtherwise;
                var reason = ExceptionText.Cut($"{failure.ErrorType}: {failure.ErrorMessage}", ExceptionText.MaxMessageLength);
                if (attempt >= most)
                {
                    log.LogError(
                        "The engine's activity {Activity} has failed after {Attempts} attempt(s) and is not retried: {Reason}",
                        activity,
                        attempt,
                        reason
                    );
                    throw;
                }

                if (_told.Add((activity, failure.ErrorType)))
                {
                    log.LogWarning(
                        "The engine's activity {Activity} failed and is retried, up to {Attempts} attempts in all: {Reason}",
                        activity,
                        most,
                        reason
                    );
                }

                delay = TimeSpan.FromSeconds(Math.Min(Math.Pow(2, attempt - 1), LongestDelay.TotalSeconds));
            }

            await context.WaitAsync(delay);
        }
    }
}
