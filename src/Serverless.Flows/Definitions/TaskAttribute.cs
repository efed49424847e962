namespace Serverless.Flows;

/// <summary>
/// Marks a method as a task: a step that a flow calls through its <see cref="FlowContext"/>. Static, or on a class that the
/// service provider can build. It returns nothing, a value, a <see cref="Task"/> or a <see cref="Task{TResult}"/>. A parameter of type
/// <see cref="CancellationToken"/> is filled in when it runs; give it a default so that callers can leave it out. The log, the attempt's
/// number and the rest come from <see cref="TaskContext.Current"/>, or from a parameter of type <see cref="TaskContext"/> or
/// <see cref="Microsoft.Extensions.Logging.ILogger"/>.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class TaskAttribute : Attribute
{
    /// <summary>A task named after its method, in kebab-case and without the suffix <c>Async</c>.</summary>
    public TaskAttribute() { }

    /// <summary>A task with a name of its own.</summary>
    /// <param name="name">The task's name.</param>
    public TaskAttribute(string name) => Name = name;

    /// <summary>The task's name; null to take the method's.</summary>
    public string? Name { get; }

    /// <summary>
    /// Free text about the task; null for the text of a <see cref="System.ComponentModel.DescriptionAttribute"/>, if any.
    /// </summary>
    public string? Description { get; set; }

    /// <summary>The task's version; null for none.</summary>
    public string? Version { get; set; }

    /// <summary>How often a failed attempt is retried; 0 (the default) for never.</summary>
    public int Retries { get; set; }

    /// <summary>
    /// Seconds before the first, second, … retry, as in <c>[1, 5, 30]</c>; the last one serves for the rest. Empty (the default) for no
    /// delay. At most 50, each from 0 to a century.
    /// </summary>
    public double[] RetryDelaySeconds { get; set; } = [];

    /// <summary>
    /// Seconds before the first retry, of which each further wait is twice the one before (10: 10, 20, 40, …; Prefect's
    /// <c>exponential_backoff</c>); at most a century. 0 (the default) for none. In place of <see cref="RetryDelaySeconds"/>.
    /// </summary>
    public double RetryBackoffSeconds { get; set; }

    /// <summary>
    /// How far a delay may be lengthened at random, as a share of it (0.5: by up to a half), at most 1,000,000; 0 (the default) for exact
    /// delays.
    /// </summary>
    public double RetryJitterFactor { get; set; }

    /// <summary>
    /// The types of exceptions that are retried, derived types included; empty (the default) for all. An attempt that took too long counts
    /// as a <see cref="TimeoutException"/>. Says nothing about a returned state, see <see cref="RunState.Failed"/>.
    /// </summary>
    public Type[] RetryOn { get; set; } = [];

    /// <summary>The types of exceptions that are not retried, derived types included. Wins over <see cref="RetryOn"/>.</summary>
    public Type[] NoRetryOn { get; set; } = [];

    /// <summary>
    /// The name of a method of the same class that says whether a failure is retried, as in <c>RetryCondition = nameof(ShouldRetry)</c>:
    /// <c>static bool ShouldRetry(Exception error, int attempt)</c>; null (the default) for none. It is asked after <see cref="RetryOn"/>
    /// and <see cref="NoRetryOn"/>; the first attempt is 1. If it throws, there is no further attempt.
    /// </summary>
    public string? RetryCondition { get; set; }

    /// <summary>
    /// Seconds after which an attempt is stopped and fails as timed out; 0 (the default) for no limit, at most 2,147,483 (almost 25 days).
    /// </summary>
    public double TimeoutSeconds { get; set; }

    /// <summary>
    /// The name of each run, made from its arguments, as in <c>"report-{day:yyyy-MM-dd}"</c>; null (the default) for a generated one.
    /// <c>{parameter}</c> is a value, <c>{parameter.member}</c> a part of it, and what follows a colon is .NET's format of a number, time,
    /// Guid or enum. A doubled brace is a brace. At most 200 characters; the rest is cut. A name that the call or the creation of the run
    /// gives wins.
    /// </summary>
    public string? RunName { get; set; }

    /// <summary>Tags of every run of the task, by which concurrency limits count; none by default.</summary>
    public string[] Tags { get; set; } = [];

    /// <summary>
    /// What the cache key of a run is made of, as in <c>CacheBy.Inputs | CacheBy.TaskSource</c>: a run with the key of a completed one ends
    /// as Cached, with that one's result, and the code does not run. <see cref="CacheBy.None"/> (the default) for no cache.
    /// </summary>
    public CacheBy Cache { get; set; }

    /// <summary>The parameters that <see cref="CacheBy.Inputs"/> leaves out, by name; none by default.</summary>
    public string[] CacheIgnore { get; set; } = [];

    /// <summary>
    /// The name of a method of the same class that makes a key, as in <c>CacheKey = nameof(KeyOf)</c>:
    /// <c>static string? KeyOf(CacheKeyContext context)</c>; null (the default) for none. It is joined with <see cref="Cache"/>. A run for
    /// which it returns null is not cached, nor one for which it throws: the run's log says so.
    /// </summary>
    public string? CacheKey { get; set; }

    /// <summary>For how many seconds a result may be used; 0 (the default) for ever, at most a century.</summary>
    public double CacheExpirationSeconds { get; set; }

    /// <summary>What happens when runs of one key are there at the same time; by default each of them runs.</summary>
    public CacheIsolation CacheIsolation { get; set; }

    /// <summary>True to run the task whatever is cached, and to cache its result.</summary>
    public bool RefreshCache { get; set; }

    /// <summary>
    /// False to keep the value no longer than the flow's history needs it: the task run has no result then, and a retry of the flow runs
    /// the task again. If it is not set: true for a task with a cache or a <see cref="ResultStorage"/>, otherwise what the flow says, or
    /// <see cref="FlowRegistryBuilder.PersistResults"/>; true in the end. Prefect's <c>persist_result</c>.
    /// </summary>
    public bool PersistResult
    {
        get => Persists ?? true;
        set => Persists = value;
    }

    /// <summary><see cref="PersistResult"/>; null if it is not set.</summary>
    internal bool? Persists { get; private set; }

    /// <summary>
    /// The name of the storage that keeps the value, which may be of any size then, as registered by <c>services.AddResultStorage</c>; null
    /// (the default) for that of the flow, and if it has none, to keep it with the run.
    /// </summary>
    public string? ResultStorage { get; set; }

    /// <summary>
    /// The key of the value in its storage, as in <c>reports/{parameters.day}/{task_run.id}</c>; null (the default) for
    /// <c>{flow_run.id}/{task_run.id}</c>.
    /// </summary>
    public string? ResultKey { get; set; }

    /// <summary>How the value is written into its storage: <c>json</c> (the default), <c>json+gzip</c>, or a registered name.</summary>
    public string? ResultSerializer { get; set; }

    /// <summary>
    /// The keys of assets that the task uses though no other task of the flow makes them, as in <c>postgres://shop/customers</c>; none by
    /// default (Prefect's <c>asset_deps</c>). They are recorded as upstream of the assets that the task, or one that gets its result,
    /// makes, see <see cref="MaterializeAttribute"/>.
    /// </summary>
    public string[] AssetDependencies { get; set; } = [];

    /// <summary>
    /// The names of methods of the same class that are called when a run of the task enters Running, as in
    /// <c>OnRunning = [nameof(Tell)]</c>: in each attempt, and when it is resumed. Each is <c>Task Tell(HookContext hook)</c> or
    /// <c>void</c>, static or not, with a <see cref="CancellationToken"/> if it wants one. They are called one after the other, beside the
    /// run, which does not wait for them. One that throws is noted in the run's log, and changes nothing else. Empty (the default) for
    /// none.
    /// </summary>
    public string[] OnRunning { get; set; } = [];

    /// <summary>The hooks of a run of the task that is Completed; declared as for <see cref="OnRunning"/>.</summary>
    public string[] OnCompletion { get; set; } = [];

    /// <summary>The hooks of a run of the task that is Failed and not retried; declared as for <see cref="OnRunning"/>.</summary>
    public string[] OnFailure { get; set; } = [];

    /// <summary>The hooks of a run of the task that is Cancelled; declared as for <see cref="OnRunning"/>.</summary>
    public string[] OnCancellation { get; set; } = [];

    /// <summary>The hooks of a run of the task that is Crashed; declared as for <see cref="OnRunning"/>.</summary>
    public string[] OnCrashed { get; set; } = [];

    /// <summary>
    /// The hooks of a run of the task that completed in a transaction which is committed; declared as for <see cref="OnRunning"/>. They are
    /// part of the flow, which waits for them; if one fails, the transaction is rolled back.
    /// </summary>
    public string[] OnCommit { get; set; } = [];

    /// <summary>
    /// The hooks that undo a run of the task which completed in a transaction that is rolled back; declared as for <see cref="OnRunning"/>.
    /// They are part of the flow, which waits for them.
    /// </summary>
    public string[] OnRollback { get; set; } = [];
}
