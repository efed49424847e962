using System.Text.Json;
using System.Text.Json.Serialization;
using Serverless.Core.Json;
using Serverless.Server.Retention;
using Serverless.Server.Services;

namespace Serverless.Api;

/// <summary>Generated serialisers of what operators look at, in the form of the wire.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(IReadOnlyList<ServiceStatus>))]
[JsonSerializable(typeof(IReadOnlyList<RetentionReport>))]
internal sealed partial class AdminContext : JsonSerializerContext
{
    /// <summary>With the wire's timestamps.</summary>
    public static AdminContext Wire { get; } = new(new JsonSerializerOptions(WireJson.Options));
}
