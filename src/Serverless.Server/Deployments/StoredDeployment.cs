using System.Text.Json;
using Serverless.Core.Models;
using Serverless.Server.Deployments.Scheduling;
using Serverless.Storage;

namespace Serverless.Server.Deployments;

/// <summary>A deployment as its row holds it.</summary>
/// <param name="FlowName">The name of its flow.</param>
/// <param name="Deployment">The deployment.</param>
/// <param name="Plan">How far its schedules are planned.</param>
/// <param name="ETag">The row's version.</param>
internal sealed record StoredDeployment(string FlowName, Deployment Deployment, DeploymentPlan Plan, string ETag)
{
    private const string PlanProperty = "plan";
    private const string DeclaredProperty = "declared";

    /// <summary>What code said of it when it was last stored; null when code does not say it.</summary>
    public DeclaredParts? Declared { get; init; }

    /// <summary>Reads a row.</summary>
    public static StoredDeployment From(string flowName, Row row) =>
        new(
            flowName,
            RowDocs.Read<Deployment>(row),
            row.Properties.Get<byte[]>(PlanProperty) is { } plan
                ? JsonSerializer.Deserialize(plan, PlanJson.Default.DeploymentPlan) ?? DeploymentPlan.Empty
                : DeploymentPlan.Empty,
            row.ETag
        )
        {
            Declared = DeclaredIn(row),
        };

    /// <summary>What code said of the deployment that a row holds; null when code does not say it.</summary>
    public static DeclaredParts? DeclaredIn(Row row) =>
        row.Properties.Get<byte[]>(DeclaredProperty) is { } declared ? DeclaredParts.From(declared) : null;

    /// <summary>What its row holds.</summary>
    public RowProperties Properties()
    {
        var properties = RowDocs.Of(Deployment);
        if (Plan != DeploymentPlan.Empty)
        {
            properties.Add(PlanProperty, JsonSerializer.SerializeToUtf8Bytes(Plan, PlanJson.Default.DeploymentPlan));
        }

        if (Declared is not null)
        {
            properties.Add(DeclaredProperty, Declared.ToBytes());
        }

        return properties;
    }
}
