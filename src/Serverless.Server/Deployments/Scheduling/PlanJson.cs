using System.Text.Json.Serialization;

namespace Serverless.Server.Deployments.Scheduling;

/// <summary>The form of plans in rows.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault
)]
[JsonSerializable(typeof(DeploymentPlan))]
internal sealed partial class PlanJson : JsonSerializerContext;
