namespace Serverless.Core.Models;

/// <summary>Body of <c>PATCH /deployments/{id}</c>.</summary>
public sealed record DeploymentUpdate : DeploymentChanges
{
    /// <summary>When runs are created; null changes nothing. Schedules with slugs are changed one by one, others are replaced.</summary>
    public IReadOnlyList<DeploymentScheduleUpdate>? Schedules { get; init; }
}
