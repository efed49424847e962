using Serverless.Core.Models;
using Serverless.Server.Runs;
using Serverless.Server.Runs.Writing;
using Serverless.Server.Schedules;
using Serverless.Storage;

namespace Serverless.Server.Deployments.Scheduling;

/// <summary>
/// Creates the runs of schedules ahead of their time. Each look at a deployment may be interrupted and repeated, by several hosts at once:
/// the id of a run follows from its schedule and time, and the plan moves on only when all runs up to it are there.
/// </summary>
public sealed class DeploymentScheduler
{
    private const int DeploymentsAtOnce = 128;
    private const int RunsAtOnce = 16;

    /// <summary>How often one look fills a deployment again, when many missed times are made up for.</summary>
    private const int MostRounds = 20;

    /// <summary>
    /// For how long runs are created from a deployment that was read; then it is read again. It is far shorter than
    /// <see cref="DeploymentPlan.CleanFor"/>, so that runs which were created after a change are found and deleted.
    /// </summary>
    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(30);

    private readonly IRowStore _store;
    private readonly DeploymentRows _rows;
    private readonly DueDeployments _due;
    private readonly FlowRunCreation _creation;
    private readonly OutdatedRuns _outdated;
    private readonly CommitRetry _retry;
    private readonly CheckedHydration _hydration;
    private readonly TimeProvider _time;

    internal DeploymentScheduler(
        IRowStore store,
        DeploymentRows rows,
        DueDeployments due,
        FlowRunCreation creation,
        OutdatedRuns outdated,
        CommitRetry retry,
        CheckedHydration hydration,
        TimeProvider time
    )
    {
        _store = store;
        _rows = rows;
        _due = due;
        _creation = creation;
        _outdated = outdated;
        _retry = retry;
        _hydration = hydration;
        _time = time;
    }

    /// <summary>Looks at every deployment that is due. One that fails does not keep the others.</summary>
    /// <returns>How many runs were created.</returns>
    /// <exception cref="InvalidOperationException">A deployment could not be scheduled; the next pass tries again.</exception>
    /// <exception cref="AggregateException">Several could not.</exception>
    public async Task<int> RunAsync(CancellationToken cancellationToken = default)
    {
        // A plan becomes durable after the runs that it tells of.
        using var deferred = DeferredCommits.Begin();
        var created = 0;
        List<Exception> failures = [];
        await Parallel.ForEachAsync(
            _due.ReadAsync(_time.GetUtcNow(), cancellationToken),
            new ParallelOptions { MaxDegreeOfParallelism = DeploymentsAtOnce, CancellationToken = cancellationToken },
            async (entry, token) =>
            {
                try
                {
                    var stored = await _rows.FindAsync(entry.FlowName, entry.Name, token);
                    await _due.RemoveIfDeadAsync(entry, stored, token);
                    if (stored is not null)
                    {
                        Interlocked.Add(ref created, await FillAsync(stored.Deployment.Id, stored, token));
                    }
                }
#pragma warning disable CA1031 // The other deployments must not wait for it. It is thrown when the pass is over.
                catch (Exception error) when (error is not OperationCanceledException || !token.IsCancellationRequested)
#pragma warning restore CA1031
                {
                    var text = $"Deployment '{entry.FlowName}/{entry.Name}' could not be scheduled: {error.Message}";
                    lock (failures)
                    {
                        failures.Add(new InvalidOperationException(text, error));
                    }
                }
            }
        );
        await _store.WhenDurableAsync(cancellationToken);
        return failures switch
        {
            [] => created,
            [var one] => throw one,
            _ => throw new AggregateException(failures),
        };
    }

    /// <summary>Looks at one deployment now, after a change of it.</summary>
    /// <returns>How many runs were created.</returns>
    public async Task<int> FillAsync(Guid deploymentId, CancellationToken cancellationToken = default)
    {
        using var deferred = DeferredCommits.Begin();
        var created = await FillAsync(deploymentId, known: null, cancellationToken);
        await _store.WhenDurableAsync(cancellationToken);
        return created;
    }

    /// <summary>
    /// Creates runs for the times that a request asks for, whether there are runs ahead of them or not. A time that has its run already
    /// gets no second one.
    /// </summary>
    public async Task CreateRunsAsync(Guid deploymentId, ScheduleRunsRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var start = request.StartTime ?? _time.GetUtcNow();
        Dictionary<Guid, DateTimeOffset> done = [];
        while (await _rows.FindAsync(deploymentId, cancellationToken) is { } stored)
        {
            var read = _time.GetTimestamp();
            var isDone = true;
            foreach (var schedule in stored.Deployment.Schedules.Where(each => each.Active))
            {
                var times = TimesOf(schedule, request, start)
                    .SkipWhile(time => done.TryGetValue(schedule.Id, out var last) && time <= last);
                var filled = await CreateAsync(stored, schedule, [.. times], read, cancellationToken);
                isDone &= filled.IsDone;
                if (filled.Last is { } reached)
                {
                    done[schedule.Id] = reached;
                }
            }

            if (isDone)
            {
                return;
            }
        }
    }

    /// <summary>What becomes of runs that are to begin. A run that no schedule created, or that has begun before, begins.</summary>
    /// <returns>A verdict for each run, in their order.</returns>
    public async Task<IReadOnlyList<ScheduledRunVerdict>> JudgeAsync(
        IReadOnlyList<FlowRun> runs,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(runs);
        Dictionary<Guid, StoredDeployment?> deployments = [];
        List<ScheduledRunVerdict> verdicts = [];
        foreach (var run in runs)
        {
            if (!ScheduledRuns.IsUntouched(run) || run.DeploymentId is not { } deploymentId)
            {
                verdicts.Add(new ScheduledRunVerdict.Begins());
                continue;
            }

            if (!deployments.TryGetValue(deploymentId, out var stored))
            {
                deployments[deploymentId] = stored = await _rows.FindAsync(deploymentId, cancellationToken);
            }

            verdicts.Add(ScheduledRuns.Judge(run, stored, _time.GetUtcNow()));
        }

        return verdicts;
    }

    private async Task<int> FillAsync(Guid deploymentId, StoredDeployment? known, CancellationToken cancellationToken)
    {
        var created = 0;
        for (var round = 0; round < MostRounds; round++)
        {
            var isDone = await _retry.RunAsync<bool>(
                async token =>
                {
                    var stored = known ?? await _rows.FindAsync(deploymentId, token);
                    known = null;
                    if (stored is null or { Plan.CleanUntil: not null })
                    {
                        await _outdated.DeleteAsync(deploymentId, stored, token);
                    }

                    if (stored is null || stored.Plan.Due is null || stored.Plan.Due > _time.GetUtcNow())
                    {
                        return true;
                    }

                    var (plan, count) = await FillAsync(stored, token);
                    created += count;
                    return await _rows.TryReplaceAsync(stored, plan, token)
                        ? plan.Due is null || plan.Due > _time.GetUtcNow()
                        : default(TryResult<bool>);
                },
                cancellationToken
            );
            if (isDone)
            {
                break;
            }
        }

        return created;
    }

    /// <summary>Creates the runs that a deployment needs now.</summary>
    /// <returns>The plan with them, and how many are new.</returns>
    private async Task<(DeploymentPlan Plan, int Created)> FillAsync(StoredDeployment stored, CancellationToken cancellationToken)
    {
        var read = _time.GetTimestamp();
        var now = _time.GetUtcNow();
        var cleanUntil = stored.Plan.CleanUntil > now ? stored.Plan.CleanUntil : null;
        var due = cleanUntil;
        var created = 0;
        List<SchedulePlan> plans = [];
        foreach (var plan in stored.Plan.Schedules)
        {
            if (
                stored.Deployment.Paused
                || stored.Deployment.Schedules.FirstOrDefault(each => each.Id == plan.ScheduleId) is not { Active: true } schedule
            )
            {
                plans.Add(plan);
            }
            else
            {
                var fill = ScheduleFill.Of(schedule, plan, now);
                var filled = await CreateAsync(stored, schedule, fill.Times, read, cancellationToken);
                created += filled.Created;
                plans.Add(filled.IsDone ? plan with { Cursor = fill.Cursor } : plan);
                due = Earlier(due, filled.IsDone ? fill.Due : now);
            }
        }

        return (stored.Plan with { Serial = stored.Plan.Serial + 1, Due = due, CleanUntil = cleanUntil, Schedules = plans }, created);
    }

    /// <summary>Creates runs, in order, until the deployment was read too long ago.</summary>
    /// <returns>How many are new, the last time that has its run, and whether all have.</returns>
    private async Task<(int Created, DateTimeOffset? Last, bool IsDone)> CreateAsync(
        StoredDeployment stored,
        DeploymentSchedule schedule,
        IReadOnlyList<DateTimeOffset> times,
        long read,
        CancellationToken cancellationToken
    )
    {
        var created = 0;
        DateTimeOffset? last = null;
        if (times.Count == 0 || stored.Plan.Of(schedule.Id) is not { } plan)
        {
            return (created, last, IsDone: true);
        }

        var merged = RunParameters.Merge(stored.Deployment.Parameters, schedule.Parameters);
        var parameters = await _hydration.HydrateAsync(merged, cancellationToken);

        foreach (var chunk in times.Chunk(RunsAtOnce))
        {
            if (_time.GetElapsedTime(read) > Freshness)
            {
                return (created, last, IsDone: false);
            }

            var runs = await Task.WhenAll(
                chunk.Select(time =>
                    _creation.TryCreateAsync(
                        ScheduledRuns.Draft(stored.Deployment, schedule, parameters, plan.Revision, time),
                        ScheduledRuns.StateAt(time),
                        TransitionOrigin.Client,
                        parentFlowRunId: null,
                        isNew: true,
                        cancellationToken
                    )
                )
            );
            created += runs.Count(run => run is { Created: true });
            last = chunk[^1];
        }

        return (created, last, IsDone: true);
    }

    /// <summary>A time so many seconds after another, within all time.</summary>
    private static DateTimeOffset After(DateTimeOffset start, double seconds) =>
        seconds < 0 ? start
        : seconds < (DateTimeOffset.MaxValue - start).TotalSeconds ? start.AddSeconds(seconds)
        : DateTimeOffset.MaxValue;

    private static IEnumerable<DateTimeOffset> TimesOf(DeploymentSchedule schedule, ScheduleRunsRequest request, DateTimeOffset start)
    {
        var end = request.EndTime ?? After(start, ScheduleFill.MaxAhead.TotalSeconds);
        var reach = After(start, request.MinTime ?? ScheduleFill.MinAhead.TotalSeconds);
        var least = request.MinRuns ?? ScheduleFill.MinRuns;
        var count = 0;
        foreach (var time in Schedule.Parse(schedule.Schedule, start).Next(start, request.MaxRuns ?? ScheduleFill.MaxRuns, end))
        {
            yield return time;
            if (++count >= least && time >= reach)
            {
                yield break;
            }
        }
    }

    private static DateTimeOffset? Earlier(DateTimeOffset? a, DateTimeOffset? b) => a is null || b < a ? b ?? a : a;
}
