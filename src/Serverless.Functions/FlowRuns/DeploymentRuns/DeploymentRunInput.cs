using Serverless.Flows.Hosting;

namespace Serverless.Functions.FlowRuns;

/// <summary>Input of <see cref="BeginDeploymentRun"/>.</summary>
/// <param name="Parent">The calling run.</param>
/// <param name="RunCount">The calling run's count in the attempt that calls.</param>
/// <param name="Call">What it asks for.</param>
public sealed record DeploymentRunInput(FlowRunStart Parent, int RunCount, DeploymentInvocation Call);
