using System.Text.Json.Serialization;
using Serverless.Core.Models;
using Serverless.Core.States;

namespace Serverless.Core.Json;

/// <summary>
/// Generated serialisers of stored documents: the wire's names, defaults left out. Use by way of <see
/// cref="StoredJson"/>.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
    Converters = [typeof(UtcTimestampConverter)]
)]
[JsonSerializable(typeof(FlowRun))]
[JsonSerializable(typeof(TaskRun))]
[JsonSerializable(typeof(State))]
[JsonSerializable(typeof(Flow))]
[JsonSerializable(typeof(Deployment))]
[JsonSerializable(typeof(Log))]
[JsonSerializable(typeof(Artifact))]
[JsonSerializable(typeof(Variable))]
[JsonSerializable(typeof(SavedSearch))]
[JsonSerializable(typeof(Asset))]
[JsonSerializable(typeof(AssetMaterialization))]
[JsonSerializable(typeof(TaskRunAssets))]
public sealed partial class StoredContext : JsonSerializerContext;
