using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Serverless.LocalRuntime.Functions;
using Serverless.LocalRuntime.History;
using Serverless.LocalRuntime.Instances;

namespace Serverless.LocalRuntime.Client;

/// <summary>
/// The client of the embedded runtime. What it returns from is durable: a started instance, a raised event and a
/// termination survive the end of the process from then on.
/// </summary>
internal sealed class LocalDurableTaskClient(RuntimeCore core) : DurableTaskClient("local")
{
    /// <summary>As the Functions host does without further settings: only an ended instance gives its id away.</summary>
    private static readonly OrchestrationRuntimeStatus[] Live =
    [
        OrchestrationRuntimeStatus.Pending,
        OrchestrationRuntimeStatus.Running,
        OrchestrationRuntimeStatus.Suspended,
    ];

    public override async Task<string> ScheduleNewOrchestrationInstanceAsync(
        TaskName orchestratorName,
        object? input = null,
        StartOrchestrationOptions? options = null,
        CancellationToken cancellation = default
    )
    {
        ArgumentException.ThrowIfNullOrEmpty(orchestratorName.Name, nameof(orchestratorName));
        if (core.Catalog.Find(FunctionKind.Orchestrator, orchestratorName.Name) is not { } function)
        {
            throw new ArgumentException($"There is no orchestrator '{orchestratorName.Name}'.", nameof(orchestratorName));
        }

        var id = options?.InstanceId ?? Guid.CreateVersion7(core.Time.GetUtcNow()).ToString("N");
        CheckId(id);
        await SendAsync(
            id,
            done => new InstanceMessage.Start
            {
                Name = function.Name,
                Input = core.Serialize(input, $"The input of orchestrator '{orchestratorName.Name}'"),
                Version = options?.Version?.Version ?? string.Empty,
                Tags = options?.Tags is { Count: > 0 } tags ? tags : null,
                StartAt = options?.StartAt,
                Keeps = Keeps(options?.DedupeStatuses),
                Done = done,
            },
            cancellation
        );
        return id;
    }

    /// <summary>Raises an event.</summary>
    /// <exception cref="Grpc.Core.RpcException">There is no such instance (NotFound), or it has ended (FailedPrecondition).</exception>
    public override Task RaiseEventAsync(
        string instanceId,
        string eventName,
        object? eventPayload = null,
        CancellationToken cancellation = default
    )
    {
        ArgumentException.ThrowIfNullOrEmpty(eventName);
        return SendAsync(
            instanceId,
            new HistoryEvent
            {
                Kind = HistoryEventKind.EventRaised,
                Name = eventName,
                Data = core.Serialize(eventPayload, $"The payload of event '{eventName}'"),
            },
            recursive: false,
            cancellation
        );
    }

    /// <summary>Ends an instance whatever it does. Its sub-orchestrations continue, unless it is recursive.</summary>
    /// <exception cref="Grpc.Core.RpcException">There is no such instance (NotFound), or it has ended (FailedPrecondition).</exception>
    public override Task TerminateInstanceAsync(
        string instanceId,
        TerminateInstanceOptions? options = null,
        CancellationToken cancellation = default
    ) =>
        SendAsync(
            instanceId,
            new HistoryEvent { Kind = HistoryEventKind.Terminated, Data = core.Serialize(options?.Output, "The output of a termination") },
            options?.Recursive ?? false,
            cancellation
        );

    /// <summary>Holds back whatever happens to an instance until it is resumed.</summary>
    /// <exception cref="Grpc.Core.RpcException">There is no such instance (NotFound), or it has ended or is suspended
    /// (FailedPrecondition).</exception>
    public override Task SuspendInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default) =>
        SwitchAsync(instanceId, HistoryEventKind.Suspended, reason, cancellation);

    /// <summary>Resumes a suspended instance.</summary>
    /// <exception cref="Grpc.Core.RpcException">There is no such instance (NotFound), or it is not suspended
    /// (FailedPrecondition).</exception>
    public override Task ResumeInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default) =>
        SwitchAsync(instanceId, HistoryEventKind.Resumed, reason, cancellation);

    /// <summary>Waits until the instance has begun.</summary>
    /// <exception cref="InvalidOperationException">There is no such instance.</exception>
    public override Task<OrchestrationMetadata> WaitForInstanceStartAsync(
        string instanceId,
        bool getInputsAndOutputs = false,
        CancellationToken cancellation = default
    ) => WaitAsync(instanceId, record => record.Status != OrchestrationRuntimeStatus.Pending, getInputsAndOutputs, cancellation);

    /// <summary>Waits until the instance has ended.</summary>
    /// <exception cref="InvalidOperationException">There is no such instance.</exception>
    public override Task<OrchestrationMetadata> WaitForInstanceCompletionAsync(
        string instanceId,
        bool getInputsAndOutputs = false,
        CancellationToken cancellation = default
    ) => WaitAsync(instanceId, record => record.IsFinal, getInputsAndOutputs, cancellation);

    public override async Task<OrchestrationMetadata?> GetInstancesAsync(
        string instanceId,
        bool getInputsAndOutputs = false,
        CancellationToken cancellation = default
    )
    {
        CheckId(instanceId);
        var metadata = getInputsAndOutputs
            ? await core.Store.ReadWholeAsync(instanceId, cancellation) is { } whole
                ? await WithPayloadsAsync(whole, cancellation)
                : null
            : await core.Store.ReadAsync(instanceId, cancellation) is { Record: var record }
                ? record.ToMetadata(null, null)
                : null;
        await core.Store.WhenDurableAsync();
        return metadata;
    }

    public override AsyncPageable<OrchestrationMetadata> GetAllInstancesAsync(OrchestrationQuery? filter = null) =>
        new InstancePageable(core.Store, filter ?? new OrchestrationQuery(), WithPayloadsAsync);

    /// <summary>Deletes an ended instance and its history.</summary>
    /// <exception cref="Grpc.Core.RpcException">The instance has not ended (FailedPrecondition).</exception>
    public override async Task<PurgeResult> PurgeInstanceAsync(
        string instanceId,
        PurgeInstanceOptions? options = null,
        CancellationToken cancellation = default
    )
    {
        CheckId(instanceId);
        var ids = options?.Recursive is true ? await FindTreeAsync(instanceId, cancellation) : [instanceId];
        var purged = 0;

        // The children first: as long as the top is left, a purge that was cut short can be asked for again.
        foreach (var id in Enumerable.Reverse(ids))
        {
            switch (await PurgeAsync(id, cancellation))
            {
                case PurgeAnswer.Purged:
                    purged++;
                    break;
                case PurgeAnswer.NotFinal:
                    throw ClientErrors.Refusal(id, await core.Store.ReadAsync(id, cancellation) is { } live ? live.Record : null);
                default:
                    break;
            }
        }

        return new PurgeResult(purged, isComplete: true);
    }

    public override async Task<PurgeResult> PurgeAllInstancesAsync(
        PurgeInstancesFilter filter,
        PurgeInstanceOptions? options = null,
        CancellationToken cancellation = default
    )
    {
        ArgumentNullException.ThrowIfNull(filter);
        DateTimeOffset? deadline = filter.Timeout is { } timeout ? core.Time.GetUtcNow() + timeout : null;
        var statuses =
            filter.Statuses?.Where(InstanceRecord.IsFinalStatus)
            ?? [OrchestrationRuntimeStatus.Completed, OrchestrationRuntimeStatus.Failed, OrchestrationRuntimeStatus.Terminated];
        OrchestrationQuery query = new(filter.CreatedFrom, filter.CreatedTo, [.. statuses]);
        var purged = 0;
        await foreach (var instance in GetAllInstancesAsync(query).WithCancellation(cancellation))
        {
            if (core.Time.GetUtcNow() >= deadline)
            {
                return new PurgeResult(purged, isComplete: false);
            }

            purged += (await PurgeInstanceAsync(instance.InstanceId, options, cancellation)).PurgedInstanceCount;
        }

        return new PurgeResult(purged, isComplete: true);
    }

    /// <summary>Runs an instance again with the same input.</summary>
    /// <exception cref="ArgumentException">There is no such instance.</exception>
    /// <exception cref="InvalidOperationException">It has not ended and is to keep its id.</exception>
    public override async Task<string> RestartAsync(
        string instanceId,
        bool restartWithNewInstanceId = false,
        CancellationToken cancellation = default
    )
    {
        CheckId(instanceId);
        if (await core.Store.ReadAsync(instanceId, cancellation) is not { Record: var record })
        {
            throw new ArgumentException($"There is no orchestration instance with the id '{instanceId}'.", nameof(instanceId));
        }

        if (!restartWithNewInstanceId && !record.IsFinal)
        {
            throw new InvalidOperationException($"Instance '{instanceId}' has not ended and cannot be restarted under its id.");
        }

        var input = await core.Store.ReadInputAsync(record, cancellation);
        var id = restartWithNewInstanceId ? Guid.CreateVersion7(core.Time.GetUtcNow()).ToString("N") : instanceId;
        await SendAsync(
            id,
            done => new InstanceMessage.Start
            {
                Name = record.Name,
                Input = input,
                Version = record.Version,
                Tags = record.Tags,
                Keeps = Live,
                Done = done,
            },
            cancellation
        );
        return id;
    }

    /// <summary>The history of an instance's present execution so far.</summary>
    /// <exception cref="ArgumentException">There is no such instance.</exception>
    public override async Task<IList<DurableTask.Core.History.HistoryEvent>> GetOrchestrationHistoryAsync(
        string instanceId,
        CancellationToken cancellation = default
    )
    {
        CheckId(instanceId);
        var history =
            await CoreHistory.ReadAsync(core, instanceId, cancellation)
            ?? throw new ArgumentException($"There is no orchestration instance with the id '{instanceId}'.", nameof(instanceId));
        await core.Store.WhenDurableAsync();
        return history;
    }

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static void CheckId(string instanceId)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        if (instanceId[0] == '\0')
        {
            throw new ArgumentException("An instance id must not start with the null character.", nameof(instanceId));
        }
    }

    private static IReadOnlyCollection<OrchestrationRuntimeStatus> Keeps(IReadOnlyList<string>? statuses)
    {
        if (statuses is null)
        {
            return Live;
        }

        HashSet<OrchestrationRuntimeStatus> keeps =
        [
            .. statuses.Select(status =>
                Enum.TryParse(status, ignoreCase: true, out OrchestrationRuntimeStatus known)
                    ? known
                    : throw new ArgumentException($"'{status}' is not a status of an orchestration.", nameof(statuses))
            ),
        ];
        return keeps.Contains(OrchestrationRuntimeStatus.Terminated) && !Array.TrueForAll(Live, keeps.Contains)
            ? throw new ArgumentException(
                "A live instance would have to be terminated to free its id, but terminated instances keep their ids.",
                nameof(statuses)
            )
            : keeps;
    }

    private Task SendAsync(string instanceId, HistoryEvent happened, bool recursive, CancellationToken cancellation)
    {
        CheckId(instanceId);
        return SendAsync(
            instanceId,
            done => new InstanceMessage.External
            {
                Event = happened,
                Recursive = recursive,
                FromClient = true,
                Done = done,
            },
            cancellation
        );
    }

    /// <summary>Suspends or resumes, if that changes anything.</summary>
    private async Task SwitchAsync(string instanceId, HistoryEventKind kind, string? reason, CancellationToken cancellation)
    {
        CheckId(instanceId);
        if (
            await core.Store.ReadAsync(instanceId, cancellation) is { Record: { IsFinal: false } live }
            && (live.Status == OrchestrationRuntimeStatus.Suspended) == (kind == HistoryEventKind.Suspended)
        )
        {
            throw ClientErrors.Refusal(instanceId, live.Status);
        }

        // One that is not there or has ended refuses by itself.
        await SendAsync(instanceId, new HistoryEvent { Kind = kind, Data = reason }, recursive: false, cancellation);
    }

    private async Task SendAsync(string instanceId, Func<TaskCompletionSource, InstanceMessage> create, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        core.Post(instanceId, create(done));
        await done.Task.WaitAsync(cancellation);
        await core.Store.WhenDurableAsync();
    }

    private async Task<OrchestrationMetadata> WaitAsync(
        string instanceId,
        Func<InstanceRecord, bool> condition,
        bool getInputsAndOutputs,
        CancellationToken cancellation
    )
    {
        CheckId(instanceId);
        TaskCompletionSource<InstanceRecord> reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        core.Post(
            instanceId,
            new InstanceMessage.Await
            {
                Condition = condition,
                Reached = reached,
                Cancellation = cancellation,
            }
        );
        var record = await reached.Task.WaitAsync(cancellation);
        await core.Store.WhenDurableAsync();
        return (getInputsAndOutputs ? await GetInstancesAsync(instanceId, getInputsAndOutputs: true, cancellation) : null)
            ?? record.ToMetadata(null, null);
    }

    private async Task<PurgeAnswer> PurgeAsync(string instanceId, CancellationToken cancellation)
    {
        TaskCompletionSource<PurgeAnswer> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        core.Post(instanceId, new InstanceMessage.Purge { Answer = answer });
        var purged = await answer.Task.WaitAsync(cancellation);
        await core.Store.WhenDurableAsync();
        return purged;
    }

    /// <summary>The instance and all sub-orchestrations below it, from the top down, as their histories name them.</summary>
    private async Task<List<string>> FindTreeAsync(string instanceId, CancellationToken cancellation)
    {
        List<string> ids = [instanceId];
        for (var i = 0; i < ids.Count; i++)
        {
            if (await core.Store.ReadAsync(ids[i], cancellation) is { Record: var record })
            {
                await foreach (var child in core.Store.ReadChildrenAsync(record, cancellation))
                {
                    ids.Add(child);
                }
            }
        }

        return ids;
    }

    private async ValueTask<OrchestrationMetadata> WithPayloadsAsync(InstanceRecord record, CancellationToken cancellation) =>
        record.ToMetadata(await core.Store.ReadInputAsync(record, cancellation), core.Converter);
}
