using System.Globalization;
using Serverless.Core.States;
using Serverless.Storage;

namespace Serverless.Server.Runs;

/// <summary>
/// Moves flow runs on that have been in a state for too long. Each step does a bounded part of what is due; the next one continues. What
/// two hosts do at once is done once: each proposal rests on the state that was read.
/// </summary>
public sealed class RunDeadlines
{
    /// <summary>How many runs a step moves on at most.</summary>
    internal const int MostAtOnce = 500;

    private const int AtOnce = 8;

    private readonly IFlowRunLists _lists;
    private readonly RunGate _gate;
    private readonly TimeProvider _time;
    private readonly RunDeadlineOptions _options;

    internal RunDeadlines(IFlowRunLists lists, RunGate gate, TimeProvider time, RunDeadlineOptions options)
    {
        _lists = lists;
        _gate = gate;
        _time = time;
        _options = options;
    }

    /// <summary>
    /// Marks runs Late that have not begun in time (Prefect's MarkLateRuns), each of them once. A late run begins like any Scheduled run.
    /// </summary>
    /// <returns>How many were marked.</returns>
    public Task<int> MarkLateAsync(CancellationToken cancellationToken = default) =>
        MoveAsync(
            RunKeys.DueToStart,
            TimeSpan.FromSeconds(_options.LateAfterSeconds),
            _ => true,
            run => new FlowRunProposal
            {
                FlowRunId = run.Run.Id,
                States = [ProposedStates.Late(run.Run.State!.StateDetails.ScheduledTime ?? run.Run.State.Timestamp)],

                // The orchestration of a run of this app is about to look at it anyway.
                Origin = TransitionOrigin.Orchestrator,
                IsLate = true,
                Basis = FlowRunBasis.StateOf(run.Run),
            },
            cancellationToken
        );

    /// <summary>
    /// Fails the paused runs of remote clients that nobody resumed in time (Prefect's FailExpiredPauses). Runs of this app see to
    /// that by their own timer.
    /// </summary>
    /// <returns>How many were failed.</returns>
    public Task<int> FailExpiredPausesAsync(CancellationToken cancellationToken = default) =>
        MoveAsync(
            RunKeys.DueToResume,
            TimeSpan.Zero,
            run => !run.Registered,
            run => End(run, ProposedStates.Failed("The flow was paused and never resumed.")),
            cancellationToken
        );

    /// <summary>
    /// Ends runs of remote clients that do not stop although they were told to, and those that their client does not begin or continue.
    /// A Scheduled run of a deployment waits for a worker for as long as that takes.
    /// </summary>
    /// <returns>How many were ended.</returns>
    public async Task<int> EndStuckAsync(CancellationToken cancellationToken = default) =>
        await EndAsync(
            RunKeys.DueToStop,
            _options.CancellingTimeoutMinutes,
            "The client that executes the run did not stop it within {0} minutes.",
            message => ProposedStates.Cancelled(message),
            cancellationToken
        )
        + await EndAsync(
            RunKeys.DueToRun,
            _options.PendingTimeoutMinutes,
            "The run was Pending for {0} minutes, and no client began it.",
            message => ProposedStates.Crashed(message),
            cancellationToken
        )
        + await EndAsync(
            RunKeys.DueToGoOn,
            _options.PendingTimeoutMinutes,
            "No client continued the run within {0} minutes of its time.",
            message => ProposedStates.Crashed(message),
            cancellationToken
        );

    private Task<int> EndAsync(
        string list,
        int minutes,
        string message,
        Func<string, ProposedState> state,
        CancellationToken cancellationToken
    ) =>
        minutes == 0
            ? Task.FromResult(0)
            : MoveAsync(
                list,
                TimeSpan.FromMinutes(minutes),
                run => !run.Registered,
                run => End(run, state(string.Format(CultureInfo.InvariantCulture, message, minutes))),
                cancellationToken
            );

    /// <summary>No rule may keep a run from its end; but it has to be in the state still that it was in for too long.</summary>
    private static FlowRunProposal End(StoredFlowRun run, ProposedState state) =>
        new()
        {
            FlowRunId = run.Run.Id,
            States = [state],
            Origin = TransitionOrigin.Client,
            Force = true,
            Basis = FlowRunBasis.StateOf(run.Run),
        };

    private async Task<int> MoveAsync(
        string list,
        TimeSpan after,
        Func<StoredFlowRun, bool> isConcerned,
        Func<StoredFlowRun, FlowRunProposal> propose,
        CancellationToken cancellationToken
    )
    {
        // Whoever is told of a state waits for the disk by itself.
        using var deferred = DeferredCommits.Begin();
        var moved = 0;
        await Parallel.ForEachAsync(
            _lists.DueAsync(list, _time.GetUtcNow() - after, cancellationToken).Where(isConcerned).Take(MostAtOnce),
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
            async (run, token) =>
            {
                if (await _gate.ProposeAsync(propose(run), token) is GateAnswer.Accepted or GateAnswer.Rejected)
                {
                    Interlocked.Increment(ref moved);
                }
            }
        );
        return moved;
    }
}
