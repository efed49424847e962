using Microsoft.DurableTask.Client;
using Serverless.LocalRuntime.History;

namespace Serverless.LocalRuntime.Instances;

/// <summary>Something for an instance to take in its next turn.</summary>
internal abstract class InstanceMessage
{
    /// <summary>Completed once what the message caused is durable; null when nobody waits.</summary>
    public TaskCompletionSource? Done { get; init; }

    /// <summary>Bytes it brings, roughly; bounds what one turn takes.</summary>
    public virtual int Size => 0;

    /// <summary>Tells the senders of messages that these were not processed.</summary>
    public static void Reject(IEnumerable<InstanceMessage> messages, Exception reason)
    {
        foreach (var message in messages)
        {
            message.Done?.TrySetException(reason);
            (message as Await)?.Reached.TrySetException(reason);
            (message as Purge)?.Answer.TrySetException(reason);
        }
    }

    /// <summary>Starts the instance.</summary>
    public sealed class Start : InstanceMessage
    {
        public required string Name { get; init; }

        public string? Input { get; init; }

        public string Version { get; init; } = string.Empty;

        public IReadOnlyDictionary<string, string>? Tags { get; init; }

        public DateTimeOffset? StartAt { get; init; }

        public ParentLink? Parent { get; init; }

        public string? RootId { get; init; }

        /// <summary>The statuses in which an existing instance keeps the id.</summary>
        public IReadOnlyCollection<OrchestrationRuntimeStatus> Keeps { get; init; } = [];

        public override int Size => Input?.Length ?? 0;
    }

    /// <summary>An event for the orchestrator from outside: raised, suspended, resumed, terminated.</summary>
    public sealed class External : InstanceMessage
    {
        public required HistoryEvent Event { get; init; }

        /// <summary>Of a termination: the sub-orchestrations too.</summary>
        public bool Recursive { get; init; }

        /// <summary>
        /// True when a client sent it, who is told if there is nobody to take it. What orchestrations send is dropped then.
        /// </summary>
        public bool FromClient { get; init; }

        public override int Size => Event.Data?.Length ?? 0;
    }

    /// <summary>An activity or sub-orchestration of an execution ended.</summary>
    public sealed class TaskEnded : InstanceMessage
    {
        public required string ExecutionId { get; init; }

        public required HistoryEvent Event { get; init; }

        public override int Size => Event.Data?.Length ?? 0;
    }

    /// <summary>A timer is due.</summary>
    public sealed class Wake : InstanceMessage;

    /// <summary>After a restart: whatever is under way has to be started again.</summary>
    public sealed class Recover : InstanceMessage;

    /// <summary>The events that a turn sent have arrived.</summary>
    public sealed class Sent : InstanceMessage
    {
        public required string ExecutionId { get; init; }

        public required int Turn { get; init; }
    }

    /// <summary>The orchestrator went on outside its thread.</summary>
    public sealed class ForeignWork : InstanceMessage
    {
        public required string ExecutionId { get; init; }
    }

    /// <summary>Somebody waits for the instance to come to a state.</summary>
    public sealed class Await : InstanceMessage
    {
        public required Func<InstanceRecord, bool> Condition { get; init; }

        public required TaskCompletionSource<InstanceRecord> Reached { get; init; }

        /// <summary>A caller that gave up waiting no longer keeps the instance in memory.</summary>
        public CancellationToken Cancellation { get; init; }
    }

    /// <summary>The instance cannot continue, even after retries: it fails, whatever its orchestrator does.</summary>
    public sealed class Break : InstanceMessage
    {
        public required Exception Reason { get; init; }

        /// <summary>The messages of the turn that could not be taken.</summary>
        public required IReadOnlyList<InstanceMessage> Batch { get; init; }
    }

    /// <summary>Deletes the instance if it is final.</summary>
    public sealed class Purge : InstanceMessage
    {
        public required TaskCompletionSource<PurgeAnswer> Answer { get; init; }
    }
}
