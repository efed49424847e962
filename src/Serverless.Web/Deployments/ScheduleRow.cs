using Serverless.Core.Models;

namespace Serverless.Web.Deployments;

/// <summary>A schedule of a deployment.</summary>
/// <param name="Schedule">The schedule.</param>
/// <param name="Text">What it says, in words.</param>
/// <param name="Next">The next times, in its zone.</param>
public sealed record ScheduleRow(DeploymentSchedule Schedule, string Text, IReadOnlyList<DateTimeOffset> Next);
