using System.Text.Json.Serialization;
using Serverless.Api.Bodies;

namespace Serverless.Api.Http;

/// <summary>Generated serialisers of the bodies that are ours, beyond Prefect's.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(PauseRequestBody))]
[JsonSerializable(typeof(CancelRequestBody))]
[JsonSerializable(typeof(PageRequestBody))]
[JsonSerializable(typeof(RenewLeaseBody))]
[JsonSerializable(typeof(SchedulePreviewBody))]
[JsonSerializable(typeof(ResetLimitBody))]
[JsonSerializable(typeof(SchemaValidationBody))]
[JsonSerializable(typeof(ResultStorageBody))]
internal sealed partial class ApiContext : JsonSerializerContext;
