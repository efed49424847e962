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

    /// <summary>
    /// The assemblies whose activities see to durability themselves: what they write is deferred (<see cref="Storage.DeferredCommits"/>),
    /// and they may begin before the disk has the turn that called them. None of them may do anything that is seen outside the process
    /// before it has waited for <see cref="Storage.IRowStore.WhenDurableAsync"/>. All other activities begin when the disk has that turn.
    /// None unless set.
    /// </summary>
    public ISet<Assembly> DeferringAssemblies { get; } = new HashSet<Assembly>();

    /// <summary>Most orchestrators that compute at once (a commit under way does not count); two for each processor unless set.</summary>
    public int MaxConcurrentTurns { get; set; } = 2 * Environment.ProcessorCount;

    /// <summary>
    /// How long an orchestrator may compute before it waits for something; 30 seconds unless set, infinite for no limit. One that takes
    /// longer fails. Its thread cannot be ended: it goes on without effect until it comes back, or the process ends. Not watched under a
    /// debugger.
    /// </summary>
    public TimeSpan TurnTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// A file in which the next process finds whose turn this one died in, if it dies; null unless set. An orchestration in whose turns
    /// three processes died, one after the other, fails and is not run any more. One process at a time may use the file.
    /// </summary>
    public string? TurnMarks { get; set; }

    /// <summary>
    /// A file in which the next process finds which activities ran when this one died, if it dies; null unless set. A call of an activity
    /// under which three processes died, one after the other, each in its first 30 seconds, fails and is not run any more. One process at a
    /// time may use the file.
    /// </summary>
    public string? ActivityMarks { get; set; }

    /// <summary>Most queue messages that are handled at once; 32 unless set.</summary>
    public int MaxConcurrentMessages { get; set; } = 32;

    /// <summary>
    /// Most messages that are taken from a queue outside the process at once, 1 to 32; 16 unless set. (This and the following
    /// three are <c>extensions.queues</c> of host.json.)
    /// </summary>
    public int QueueBatchSize { get; set; } = 16;

    /// <summary>After how many attempts a queue message that fails is moved to the poison queue; five unless set.</summary>
    public int MaxDequeueCount { get; set; } = 5;

    /// <summary>After what time a message of a queue outside the process that failed comes again; ten seconds unless set.</summary>
    public TimeSpan QueueRetryDelay { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The longest time between two looks into an empty queue outside the process; one minute unless set.</summary>
    public TimeSpan QueuePollingInterval { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Instances in memory beyond which the longest idle ones leave it; 5,000 unless set.</summary>
    public int MaxLiveInstances { get; set; } = 5_000;

    /// <summary>After how long an idle instance leaves memory; one minute unless set. Its next message brings it back.</summary>
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long the end of the process waits for commits under way; five seconds unless set.</summary>
    public TimeSpan StopTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// For tests of crashes: is awaited when an activity has ended, before its answer is passed on; gets the activity's name and its input.
    /// Null for nothing.
    /// </summary>
    internal Func<string, string?, Task>? BeforeAnswer { get; set; }

    /// <summary>
    /// How payloads are written. Source-generated contexts go into the resolver chain; types that none of them knows
    /// are served by reflection.
    /// </summary>
    public JsonSerializerOptions SerializerOptions { get; } = new() { IncludeFields = true };
}
