using System.Reflection;

namespace Serverless.Flows;

/// <summary>A builder that has just added a flow, and can add deployments to it.</summary>
public sealed class FlowRegistration : FlowRegistryBuilder
{
    private readonly IReadOnlyList<MethodInfo> _flows;

    internal FlowRegistration(FlowRegistryBuilder builder, IReadOnlyList<MethodInfo> flows)
        : base(builder) => _flows = flows;

    /// <summary>
    /// Declares a deployment of the flow that was added, beside those of its <see cref="DeploymentAttribute"/>s. May be called several
    /// times, for deployments of different names.
    /// </summary>
    /// <param name="configure">Says what it is: <c>d => d.Named("nightly").OnCron("0 2 * * *", "Europe/Berlin")</c>.</param>
    /// <returns>This builder.</returns>
    public FlowRegistration WithDeployment(Action<DeploymentBuilder> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        AddDeployment(_flows, configure);
        return this;
    }
}
