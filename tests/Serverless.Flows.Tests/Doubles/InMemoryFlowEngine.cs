using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Serverless.Core.States;
using Serverless.Flows;
using Serverless.Flows.Hosting;

namespace Serverless.TestDoubles;

/// <summary>Carries out a flow's calls at once in this process, and remembers them. Durable waits take no time.</summary>
internal sealed class InMemoryFlowEngine(FlowRegistry registry, IServiceProvider services, string flowName = "test") : IFlowEngine
{
    private static readonly DateTimeOffset Start = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private int _ids;

    public FlowRunInfo Run { get; } = new(new Guid(1, 0, 0, new byte[8]), "test-run", flowName, 1, Start, "{}", []);

    public DateTimeOffset UtcNow { get; set; } = Start;

    public ILogger Logger { get; init; } = NullLogger.Instance;

    public CancellationToken CancellationToken { get; init; }

    /// <summary>Runs before each attempt of a task: to hold it up, or to look at it.</summary>
    public Func<TaskInvocation, Task> BeforeTask { get; set; } = _ => Task.CompletedTask;

    /// <summary>Answers pauses with the run input.</summary>
    public Func<PauseRequest, string?> OnPause { get; set; } = _ => null;

    /// <summary>How transactions end.</summary>
    public InMemoryTransactions Ends { get; init; } = new();

    public ITransactionEngine Transactions => Ends;

    /// <summary>The inputs that the run receives and sends.</summary>
    public InMemoryInputs Mail { get; init; } = new();

    public IInputEngine Inputs => Mail;

    public ConcurrentQueue<TaskInvocation> Tasks { get; } = new();

    public ConcurrentQueue<FlowInvocation> Flows { get; } = new();

    public ConcurrentQueue<TimeSpan> Sleeps { get; } = new();

    public ConcurrentQueue<PauseRequest> Pauses { get; } = new();

    public ConcurrentQueue<ArtifactRequest> Artifacts { get; } = new();

    public ConcurrentQueue<ArtifactChange> Changes { get; } = new();

    /// <summary>Runs a flow to its end.</summary>
    public async Task<string?> RunFlowAsync(FlowDefinition flow, string parametersJson = "{}") =>
        (await InvokeAsync(flow, parametersJson)).ResultJson;

    public Task<string?> RunFlowAsync(string name, string parametersJson = "{}") =>
        registry.TryGetFlow(name, out var flow)
            ? RunFlowAsync(flow, parametersJson)
            : throw new ArgumentException($"No flow '{name}'.", nameof(name));

    public Guid NewGuid() => new(Interlocked.Increment(ref _ids), 0, 0, new byte[8]);

    public Task<CallOutcome> CallTaskAsync(TaskInvocation invocation)
    {
        var call = CallAsync(invocation);
        invocation.Observe?.Invoke(CallBatch.Of(call).Outcomes);
        return call;
    }

    private async Task<CallOutcome> CallAsync(TaskInvocation invocation)
    {
        Tasks.Enqueue(invocation);
        var id = NewGuid();
        var retries = (invocation.Retry ?? invocation.Task.Retry).Retries;
        for (var attempt = 1; ; attempt++)
        {
            await BeforeTask(invocation);
            var context = new TaskContext
            {
                FlowRunId = Run.FlowRunId,
                TaskRunId = id,
                Attempt = attempt,
                Logger = Logger,
                CancellationToken = CancellationToken,
                Timeout = invocation.Timeout ?? invocation.Task.Timeout,
            };
            try
            {
                return OutcomeOf(id, await invocation.Task.InvokeAsync(services, invocation.ArgumentsJson, context));
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                if (attempt > retries || !invocation.Task.MayRetry(exception, attempt, Logger, invocation.Retry))
                {
                    return OutcomeOf(id, exception);
                }
            }
        }
    }

    public IReadOnlyList<CallBatch> MapTask(IReadOnlyList<TaskInvocation> invocations) =>
        [.. invocations.Select(invocation => CallBatch.Of(CallTaskAsync(invocation)))];

    public async Task<CallOutcome> CallFlowAsync(FlowInvocation invocation)
    {
        Flows.Enqueue(invocation);
        var id = NewGuid();
        try
        {
            return OutcomeOf(id, await InvokeAsync(invocation.Flow, invocation.ParametersJson));
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            return OutcomeOf(id, exception);
        }
    }

    /// <summary>What was to run in the background.</summary>
    public ConcurrentQueue<BackgroundInvocation> Delayed { get; } = [];

    public Task<Guid> DelayTaskAsync(BackgroundInvocation invocation)
    {
        Delayed.Enqueue(invocation);
        return Task.FromResult(NewGuid());
    }

    /// <summary>Answers runs of deployments.</summary>
    public Func<DeploymentInvocation, CallOutcome> OnDeployment { get; set; } =
        _ => new(Guid.Empty, StateType.Completed, "Completed", null, null);

    public ConcurrentQueue<DeploymentInvocation> Deployments { get; } = new();

    public Task<CallOutcome> RunDeploymentAsync(DeploymentInvocation invocation)
    {
        Deployments.Enqueue(invocation);
        return Task.FromResult(OnDeployment(invocation));
    }

    public Task SleepAsync(TimeSpan duration, CancellationToken cancellationToken)
    {
        Sleeps.Enqueue(duration);
        UtcNow += duration;
        return Task.CompletedTask;
    }

    public Task<string?> PauseAsync(PauseRequest request, CancellationToken cancellationToken)
    {
        Pauses.Enqueue(request);
        return Task.FromResult(OnPause(request));
    }

    /// <summary>Why the engine was to give the body up.</summary>
    public string? GivenUp { get; private set; }

    public void GiveUp(string reason) => GivenUp ??= reason;

    public Task<string> ReadStoredAsync(StoredResult stored) => throw new NotSupportedException(stored.StorageKey);

    /// <summary>The variables, as JSON.</summary>
    public Dictionary<string, string> Variables { get; } = [];

    public Task<Guid> CreateArtifactAsync(ArtifactRequest artifact, CancellationToken cancellationToken)
    {
        Artifacts.Enqueue(artifact);
        return Task.FromResult(NewGuid());
    }

    public Task UpdateArtifactAsync(ArtifactChange change, CancellationToken cancellationToken)
    {
        Changes.Enqueue(change);
        return Task.CompletedTask;
    }

    public Task<string?> GetVariableAsync(string name, CancellationToken cancellationToken) =>
        Task.FromResult(Variables.GetValueOrDefault(name));

    public Task<bool> SetVariableAsync(VariableRequest variable, CancellationToken cancellationToken)
    {
        if (!variable.Overwrite && Variables.ContainsKey(variable.Name))
        {
            return Task.FromResult(false);
        }

        Variables[variable.Name] = variable.ValueJson;
        return Task.FromResult(true);
    }

    public Task<bool> DeleteVariableAsync(string name, CancellationToken cancellationToken) => Task.FromResult(Variables.Remove(name));

    private static CallOutcome OutcomeOf(Guid id, Returned returned) =>
        new(id, returned.State.Type, returned.State.Name ?? returned.State.Type.DefaultName(), returned.State.Message, returned.ResultJson);

    private static CallOutcome OutcomeOf(Guid id, Exception error)
    {
        var details = StateDetails.Empty.WithError(error);
        return new(id, StateType.Failed, StateNames.Failed, error.Message, ResultJson: null)
        {
            ErrorType = details.ErrorType,
            InnerErrorTypes = details.InnerErrorTypes,
        };
    }

    private Task<Returned> InvokeAsync(FlowDefinition flow, string parametersJson) =>
        flow.InvokeAsync(services, new FlowContext(this, registry), parametersJson);
}
