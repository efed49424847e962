using Serverless.Server.Deployments;

namespace Serverless.Flows.Testing;

public sealed partial class FlowTestHost
{
    /// <summary>How far schedules carry the clock in a wait for one run, since they never end by themselves.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(366);

    private bool _schedules;

    /// <summary>
    /// From now on the schedules of deployments create runs, with the app's own scheduler; until then they create none. Times before now
    /// are missed ones: the catch-up policies say what becomes of them. The runs start as the clock moves, with
    /// <see cref="AdvanceAsync(TimeSpan, CancellationToken)"/> and with each wait for a run.
    /// </summary>
    public void StartSchedules() => _schedules = true;

    /// <summary>A deployment of a registered flow.</summary>
    /// <param name="name">Its flow and its name: <c>sales-report/nightly</c>.</param>
    /// <returns>The deployment.</returns>
    /// <exception cref="ArgumentException">There is no such deployment.</exception>
    public async Task<FlowTestDeployment> DeploymentAsync(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        var split = name.LastIndexOf('/');
        var deployment =
            split < 0 ? null : await AskAsync(process => process.Get<DeploymentService>().GetAsync(name[..split], name[(split + 1)..]));
        return deployment is null
            ? throw new ArgumentException(
                $"There is no deployment '{name}'. Name the flow and the deployment: sales-report/nightly.",
                nameof(name)
            )
            : new FlowTestDeployment(this, deployment.Id, name);
    }
}
