using DurableTask.Core;
using DurableTask.Core.Exceptions;
using DurableTask.Core.History;
using Serverless.Storage;

namespace Serverless.Benchmarks.Engines;

/// <content>What a client asks for.</content>
internal sealed partial class RowOrchestrationService : IOrchestrationServiceClient
{
    public async Task CreateTaskOrchestrationAsync(TaskMessage creationMessage)
    {
        CoreInstance instance = new(creationMessage.OrchestrationInstance.InstanceId) { HasRow = messageRows };
        if (messageRows)
        {
            Number(creationMessage);
            var result = await rows.CommitAsync(
                new RowCommit()
                    .Add(
                        RowOperation.Insert(
                            CoreRows.State(instance.Id),
                            CoreRows.Properties(CoreRows.Pending((ExecutionStartedEvent)creationMessage.Event))
                        )
                    )
                    .Add(RowOperation.Insert(CoreRows.Message(creationMessage), CoreRows.Properties(creationMessage)))
                    .AddDerived(RowOperation.Upsert(CoreRows.Open(instance.Id), []))
            );
            if (!result.Succeeded)
            {
                throw new OrchestrationAlreadyExistsException($"There is an instance '{instance.Id}' already.");
            }
        }

        if (!_instances.TryAdd(instance.Id, instance))
        {
            throw new OrchestrationAlreadyExistsException($"There is an instance '{instance.Id}' already.");
        }

        Deliver(creationMessage);
        if (!messageRows)
        {
            await instance.Begun.Task;
        }
    }

    public Task CreateTaskOrchestrationAsync(TaskMessage creationMessage, OrchestrationStatus[]? dedupeStatuses) =>
        CreateTaskOrchestrationAsync(creationMessage);

    public async Task SendTaskOrchestrationMessageAsync(TaskMessage message)
    {
        Number(message);
        await rows.CommitAsync(new RowCommit().Add(RowOperation.Insert(CoreRows.Message(message), CoreRows.Properties(message))));
        Deliver(message);
    }

    public Task SendTaskOrchestrationMessageBatchAsync(params TaskMessage[] messages) =>
        Task.WhenAll(messages.Select(SendTaskOrchestrationMessageAsync));

    public async Task<OrchestrationState> WaitForOrchestrationAsync(
        string instanceId,
        string executionId,
        TimeSpan timeout,
        CancellationToken cancellationToken
    ) =>
        _instances.TryGetValue(instanceId, out var instance)
            ? await instance.Ended.Task.WaitAsync(timeout, cancellationToken)
            : await GetOrchestrationStateAsync(instanceId, executionId)
                ?? throw new InvalidOperationException($"There is no instance '{instanceId}'.");

    public Task ForceTerminateTaskOrchestrationAsync(string instanceId, string reason) =>
        SendTaskOrchestrationMessageAsync(
            new TaskMessage
            {
                OrchestrationInstance = new OrchestrationInstance { InstanceId = instanceId },
                Event = new ExecutionTerminatedEvent(-1, reason),
            }
        );

    public async Task<IList<OrchestrationState>> GetOrchestrationStateAsync(string instanceId, bool allExecutions) =>
        await GetOrchestrationStateAsync(instanceId, string.Empty) is { } state ? [state] : [];

    /// <summary>The state of the only execution that is kept.</summary>
    public async Task<OrchestrationState?> GetOrchestrationStateAsync(string instanceId, string executionId) =>
        await rows.GetAsync(CoreRows.State(instanceId)) is { } row ? CoreRows.ReadState(instanceId, row.Properties) : null;

    public Task<string> GetOrchestrationHistoryAsync(string instanceId, string executionId) => throw new NotSupportedException();

    public Task PurgeOrchestrationHistoryAsync(DateTime thresholdDateTimeUtc, OrchestrationStateTimeRangeFilterType timeRangeFilterType) =>
        throw new NotSupportedException();
}
