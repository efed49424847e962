using System.Reflection;
using System.Text.Json;

namespace Serverless.LocalRuntime.Hosting;

/// <summary>What the embedded durable runtime runs, and within which bounds.</summary>
public sealed class LocalRuntimeOptions
{
    /// <summary>The assemblies whose function methods are run.</summary>
    public IList<Assembly> Assemblies { get; } = [];

    /// <summary>Most activities of one function that run at once; 128 unless set.</summary>
    public int MaxConcurrentActivities { get; set; } = 128;

    /// <summary>Most orchestrators that compute at once (a commit under way does not count); two for each processor unless set.</summary>
    public int MaxConcurrentTurns { get; set; } = 2 * Environment.ProcessorCount;

    /// <summary>Most queue messages that are handled at once; 32 unless set.</summary>
    public int MaxConcurrentMessages { get; set; } = 32;

    /// <summary>Instances in memory beyond which the longest idle ones leave it; 5,000 unless set.</summary>
    public int MaxLiveInstances { get; set; } = 5_000;

    /// <summary>After how long an idle instance leaves memory; one minute unless set. Its next message brings it back.</summary>
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long the end of the process waits for commits under way; five seconds unless set.</summary>
    public TimeSpan StopTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How payloads are written. Source-generated contexts go into the resolver chain; types that none of them knows
    /// are served by reflection.
    /// </summary>
    public JsonSerializerOptions SerializerOptions { get; } = new() { IncludeFields = true };
}
