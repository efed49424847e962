using System.Text.Json.Serialization;

namespace Serverless.Flows.Hosting;

/// <summary>One run of a deployment that a flow body asks for.</summary>
/// <param name="Deployment">The deployment: <c>{flow name}/{deployment name}</c>, or its id.</param>
/// <param name="DynamicKey">The zero-based number of the call of this deployment in the calling run.</param>
/// <param name="ParametersJson">The parameters: a JSON object.</param>
/// <param name="Options">How it is run.</param>
/// <param name="Waits">Whether the call ends with the run; false to end it once the run is created.</param>
/// <param name="Tags">Tags of the run beside those of the deployment; null or empty for none.</param>
public sealed record DeploymentInvocation(
    string Deployment,
    int DynamicKey,
    string ParametersJson,
    DeploymentRunOptions Options,
    bool Waits,
    IReadOnlyList<string>? Tags = null
)
{
    /// <summary>What stands for a task's key in the task run of the call: <c>deployment:</c> and the deployment as it is called.</summary>
    [JsonIgnore]
    public string CallKey => $"deployment:{Deployment}";
}
