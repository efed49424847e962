using Serverless.Core.Models;
using Serverless.Web.Forms;

namespace Serverless.Web.Deployments;

/// <summary>The form of a run with parameters.</summary>
/// <param name="Deployment">The deployment.</param>
/// <param name="FlowName">The name of its flow.</param>
/// <param name="Form">The parameters.</param>
/// <param name="Name">The run's name; empty for one that is drawn.</param>
/// <param name="Tags">The run's tags, separated by commas.</param>
/// <param name="At">When it is due; empty for now.</param>
/// <param name="Error">What is wrong besides the parameters; null for nothing.</param>
public sealed record RunFormModel(
    Deployment Deployment,
    string? FlowName,
    SchemaFormModel Form,
    string Name = "",
    string Tags = "",
    string At = "",
    string? Error = null
);
