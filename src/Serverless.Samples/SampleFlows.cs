namespace Serverless.Samples;

/// <summary>Registration of the samples.</summary>
public static class SampleFlows
{
    /// <summary>Adds all samples.</summary>
    /// <param name="flows">Where to.</param>
    /// <returns>The same builder.</returns>
    public static FlowRegistryBuilder AddSampleFlows(this FlowRegistryBuilder flows)
    {
        ArgumentNullException.ThrowIfNull(flows);
        return flows.AddAssembly(typeof(SampleFlows).Assembly);
    }
}
