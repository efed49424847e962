using System.Text.Json.Serialization;

namespace Serverless.LocalRuntime.Tests.Fixtures;

/// <summary>A source-generated context that knows one of the types in use.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(QueueItem))]
internal sealed partial class PayloadJson : JsonSerializerContext;
