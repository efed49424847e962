using System.Globalization;
using Microsoft.DurableTask;
using Microsoft.Extensions.Logging;
using Serverless.Core.States;
using Serverless.Flows;
using Serverless.Flows.Hosting;
using Serverless.Functions.FlowRuns;
using Serverless.Functions.TaskRuns;
using Serverless.Server.Outbox;

namespace Serverless.Functions.Engine;

/// <summary>
/// Carries out the calls of a flow body with durable operations. Lives in one orchestration, on its single thread;
/// everything that waits also ends when the run is stopped, so that a cancelled body unwinds.
/// </summary>
internal sealed class OrchestratedFlowEngine : IFlowEngine, IDisposable
{
    /// <summary>Maps up to this size run in the flow's own orchestration; larger ones in batches of this size.</summary>
    internal const int BatchSize = 100;

    private static readonly TimeSpan StopGrace = TimeSpan.FromSeconds(30);

    private readonly TaskOrchestrationContext _context;
    private readonly FlowRunStart _start;
    private readonly CancellationTokenSource _cancellation = new();
    private readonly TaskCompletionSource _stopped = new();
    private readonly PauseSignal _pause = new();
    private TaskCompletionSource _hint = new();
    private readonly HashSet<Task> _outstanding = [];
    private readonly HashSet<string> _batches = [];
    private readonly HashSet<Guid> _subflows = [];
    private int _batchCount;

    public OrchestratedFlowEngine(TaskOrchestrationContext context, FlowRunStart start, FlowRunInfo run, ILogger logger)
    {
        _context = context;
        _start = start;
        Run = run;
        Logger = logger;
    }

    public FlowRunInfo Run { get; }

    public DateTimeOffset UtcNow => new(_context.CurrentUtcDateTime, TimeSpan.Zero);

    public ILogger Logger { get; }

    public CancellationToken CancellationToken => _cancellation.Token;

    public Guid NewGuid() => _context.NewGuid();

    public Task<CallOutcome> CallTaskAsync(TaskInvocation invocation) =>
        UnlessStopped(Track(TaskRunLoop.RunAsync(_context, Settings(invocation), Item(invocation), _pause)));

    public IReadOnlyList<Task<CallOutcome>> MapTask(IReadOnlyList<TaskInvocation> invocations)
    {
        if (invocations.Count <= BatchSize)
        {
            return [.. invocations.Select(CallTaskAsync)];
        }

        List<Task<CallOutcome>> outcomes = new(invocations.Count);
        foreach (TaskInvocation[] chunk in invocations.Chunk(BatchSize))
        {
            Task<CallOutcome[]> batch = UnlessStopped(Track(RunBatchAsync(chunk)));
            for (int i = 0; i < chunk.Length; i++)
            {
                outcomes.Add(ItemOf(batch, i));
            }
        }

        return outcomes;
    }

    public Task<CallOutcome> CallFlowAsync(FlowInvocation invocation) => UnlessStopped(Track(RunSubflowAsync(invocation)));

    public async Task SleepAsync(TimeSpan duration)
    {
        using CancellationTokenSource timer = CancellationTokenSource.CreateLinkedTokenSource(_cancellation.Token);
        await UnlessStopped(_context.CreateTimer(duration, timer.Token));
    }

    public async Task<string?> PauseAsync(PauseRequest request)
    {
        DateTimeOffset until = UtcNow + request.Timeout;
        PauseResult result = await UnlessStopped(_context.CallActivityAsync<PauseResult>(
            nameof(PauseFlowRun), new PauseFlowRunInput(Run.FlowRunId, request, until), DurableRetries.Activity));
        if (result.Kind == PauseKind.Paused)
        {
            Close();
            result = await WaitForResumeAsync(request.Key);
        }

        return result.Kind switch
        {
            PauseKind.Resumed => result.InputJson,
            PauseKind.TimedOut => throw new PauseTimeoutException(request.Key, request.Timeout),
            _ => throw new InvalidOperationException($"The flow run cannot pause: {result.Reason}"),
        };
    }

    public Task<Guid> CreateArtifactAsync(ArtifactRequest artifact) =>
        UnlessStopped(_context.CallActivityAsync<Guid>(
            nameof(CreateArtifact), new CreateArtifactInput(NewGuid(), Run.FlowRunId, artifact), DurableRetries.Activity));

    /// <summary>A state that somebody else gave the run; not a stop.</summary>
    public void OnStateChange(StateChange change)
    {
        if (_pause.IsClosed)
        {
            _hint.TrySetResult();
        }
        else if (change.Type == StateType.Paused)
        {
            Close();
            _ = Track(WaitForResumeAsync(pauseKey: null));
        }
    }

    /// <summary>Completes when the run is not paused: a body that ends meanwhile does not end the run behind the pause.</summary>
    public Task WhenNotPausedAsync() => _pause.IsClosed ? UnlessStopped(_pause.WhenOpen) : Task.CompletedTask;

    /// <summary>Unwinds the body, stops what it started and gives that a moment to end.</summary>
    public async Task StopAsync(StateChange change)
    {
        _cancellation.Cancel();
        _stopped.TrySetResult();
        _pause.Open();
        TellBatches(change);
        foreach (Guid subflow in _subflows)
        {
            await _context.CallActivityAsync<bool>(nameof(CancelFlowRun), subflow, DurableRetries.Activity);
        }

        if (_outstanding.Count > 0)
        {
            using CancellationTokenSource timer = new();
            Task grace = _context.CreateTimer(StopGrace, timer.Token);
            await Task.WhenAny(Task.WhenAll(_outstanding.ToArray()), grace);
            timer.Cancel();
        }
    }

    /// <summary>Writes the author's exception to the run's log.</summary>
    public void LogFailure(Exception error) => Logger.LogError(error, "Encountered exception during execution: {Reason}", error.Message);

    public void Dispose() => _cancellation.Dispose();

    private static async Task<CallOutcome> ItemOf(Task<CallOutcome[]> batch, int index) => (await batch)[index];

    private static TaskRunItem Item(TaskInvocation invocation) =>
        new(invocation.DynamicKey, invocation.ArgumentsJson, invocation.RunName, invocation.Upstream.Count == 0 ? null : invocation.Upstream);

    private TaskRunSettings Settings(TaskInvocation invocation) =>
        new(Run.FlowRunId, _start.Generation, invocation.Task.Key, invocation.Retry, invocation.Timeout);

    private async Task<CallOutcome[]> RunBatchAsync(TaskInvocation[] chunk)
    {
        string instanceId = string.Create(CultureInfo.InvariantCulture, $"{_context.InstanceId}-{_start.Attempt}-batch{_batchCount++}");
        TaskBatchInput input = new(Settings(chunk[0]), [.. chunk.Select(Item)], _pause.IsClosed);
        _batches.Add(instanceId);
        try
        {
            return await _context.CallSubOrchestratorAsync<CallOutcome[]>(
                nameof(TaskBatchOrchestrator), input, new SubOrchestrationOptions(retry: null, instanceId));
        }
        finally
        {
            _batches.Remove(instanceId);
        }
    }

    private async Task<CallOutcome> RunSubflowAsync(FlowInvocation invocation)
    {
        if (_pause.IsClosed)
        {
            await _pause.WhenOpen;
        }

        SubflowRun subflow = await _context.CallActivityAsync<SubflowRun>(
            nameof(BeginSubflow),
            new SubflowInput(Run.FlowRunId, _start.Generation, invocation.Flow.Name, invocation.DynamicKey, invocation.ParametersJson, invocation.RunName),
            DurableRetries.Activity);
        if (subflow.Start is not { } start)
        {
            return subflow.Outcome!;
        }

        _subflows.Add(start.FlowRunId);
        CallOutcome outcome;
        try
        {
            outcome = await _context.CallSubOrchestratorAsync<CallOutcome>(
                nameof(FlowRunOrchestrator), start, new SubOrchestrationOptions(retry: null, OutboxEntry.InstanceIdOf(start.FlowRunId, start.Generation)));
        }
        catch (TaskFailedException lost)
        {
            // Its orchestration is gone, not its flow body's failure: that would be an outcome.
            outcome = new CallOutcome(start.FlowRunId, StateType.Crashed, StateNames.Crashed, lost.Message, null);
        }

        _subflows.Remove(start.FlowRunId);
        return await _context.CallActivityAsync<CallOutcome>(nameof(EndSubflow), subflow with { Outcome = outcome }, DurableRetries.Activity);
    }

    /// <summary>
    /// Waits until the run is Running again, as the stored run says. A state change is only the hint to look, since it can
    /// arrive late, early or twice; the hint is armed before each look, so that one that comes meanwhile is not lost.
    /// </summary>
    private async Task<PauseResult> WaitForResumeAsync(string? pauseKey)
    {
        while (true)
        {
            _hint = new TaskCompletionSource();
            PauseResult result = await UnlessStopped(_context.CallActivityAsync<PauseResult>(
                nameof(ResumeFlowRun), new ResumeFlowRunInput(_start, pauseKey), DurableRetries.Activity));
            if (result.Kind != PauseKind.Paused)
            {
                Open();
                return result;
            }

            using CancellationTokenSource timer = CancellationTokenSource.CreateLinkedTokenSource(_cancellation.Token);
            Task due = result.Until is { } until ? _context.CreateTimer(until.UtcDateTime, timer.Token) : _stopped.Task;
            await UnlessStopped(Task.WhenAny(_hint.Task, due));
            timer.Cancel();
        }
    }

    private void Close()
    {
        _pause.Close();
        TellBatches(new StateChange(StateType.Paused));
    }

    private void Open()
    {
        _pause.Open();
        TellBatches(new StateChange(StateType.Running));
    }

    private void TellBatches(StateChange change)
    {
        foreach (string batch in _batches)
        {
            _context.SendEvent(batch, FlowRunOrchestrator.StateChanged, change);
        }
    }

    private Task<T> Track<T>(Task<T> work)
    {
        if (!work.IsCompleted)
        {
            _outstanding.Add(work);
            _ = ForgetWhenDone(work);
        }

        return work;
    }

    private async Task ForgetWhenDone(Task work)
    {
        await work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        _outstanding.Remove(work);
    }

    private async Task UnlessStopped(Task work)
    {
        if (await Task.WhenAny(work, _stopped.Task) == _stopped.Task && !work.IsCompleted)
        {
            throw new OperationCanceledException("The flow run is stopped.", _cancellation.Token);
        }

        await work;
    }

    private async Task<T> UnlessStopped<T>(Task<T> work)
    {
        await UnlessStopped((Task)work);
        return await work;
    }
}
