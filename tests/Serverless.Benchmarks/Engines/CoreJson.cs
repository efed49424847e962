using System.Text.Json.Serialization;
using DurableTask.Core.History;

namespace Serverless.Benchmarks.Engines;

/// <summary>Writes the events of DurableTask.Core; a property that has its type's default is left out.</summary>
[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Serialization,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
    IncludeFields = true
)]
[JsonSerializable(typeof(ExecutionStartedEvent))]
[JsonSerializable(typeof(ExecutionCompletedEvent))]
[JsonSerializable(typeof(ExecutionTerminatedEvent))]
[JsonSerializable(typeof(ExecutionSuspendedEvent))]
[JsonSerializable(typeof(ExecutionResumedEvent))]
[JsonSerializable(typeof(ContinueAsNewEvent))]
[JsonSerializable(typeof(OrchestratorStartedEvent))]
[JsonSerializable(typeof(OrchestratorCompletedEvent))]
[JsonSerializable(typeof(TaskScheduledEvent))]
[JsonSerializable(typeof(TaskCompletedEvent))]
[JsonSerializable(typeof(TaskFailedEvent))]
[JsonSerializable(typeof(SubOrchestrationInstanceCreatedEvent))]
[JsonSerializable(typeof(SubOrchestrationInstanceCompletedEvent))]
[JsonSerializable(typeof(SubOrchestrationInstanceFailedEvent))]
[JsonSerializable(typeof(TimerCreatedEvent))]
[JsonSerializable(typeof(TimerFiredEvent))]
[JsonSerializable(typeof(EventSentEvent))]
[JsonSerializable(typeof(EventRaisedEvent))]
internal sealed partial class CoreJson : JsonSerializerContext;
