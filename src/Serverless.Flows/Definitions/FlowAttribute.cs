namespace Serverless.Flows;

/// <summary>
/// Marks a method as a flow: static, or on a class that the service provider can build. It returns nothing, a value, a
/// <see cref="Task"/> or a <see cref="Task{TResult}"/>, and takes the <see cref="FlowContext"/> and the run's parameters in any order.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class FlowAttribute : Attribute
{
    /// <summary>A flow named after its method, in kebab-case and without the suffix <c>Async</c>.</summary>
    public FlowAttribute() { }

    /// <summary>A flow with a name of its own, unique in the app.</summary>
    /// <param name="name">The flow's name; not empty, and without <c>/ % \</c>.</param>
    public FlowAttribute(string name) => Name = name;

    /// <summary>The flow's name; null to take the method's.</summary>
    public string? Name { get; }

    /// <summary>
    /// Free text about the flow; null for the text of a <see cref="System.ComponentModel.DescriptionAttribute"/>, if any.
    /// </summary>
    public string? Description { get; set; }

    /// <summary>The version that runs of this flow are marked with; null for none.</summary>
    public string? Version { get; set; }

    /// <summary>How often a failed run is retried; 0 (the default) for never.</summary>
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
    /// The types of exceptions that are retried, derived types included; empty (the default) for all. An attempt that took too long counts
    /// as a <see cref="TimeoutException"/>. Says nothing about a returned state, see <see cref="RunState.Failed"/>.
    /// </summary>
    public Type[] RetryOn { get; set; } = [];

    /// <summary>The types of exceptions that are not retried, derived types included. Wins over <see cref="RetryOn"/>.</summary>
    public Type[] NoRetryOn { get; set; } = [];

    /// <summary>
    /// The name of a method of the same class that says whether a failure is retried, as in <c>RetryCondition = nameof(ShouldRetry)</c>:
    /// <c>static bool ShouldRetry(Exception error, int attempt)</c>; null (the default) for none. It is asked after <see cref="RetryOn"/>
    /// and <see cref="NoRetryOn"/>; the first attempt is 1. It must be deterministic, like the flow itself. If it throws, there is no
    /// further attempt.
    /// </summary>
    public string? RetryCondition { get; set; }

    /// <summary>
    /// Seconds after which an attempt is stopped and fails as timed out, its sleeps and pauses included; 0 (the default) for no limit, at
    /// most 2,147,483 (almost 25 days).
    /// </summary>
    public double TimeoutSeconds { get; set; }

    /// <summary>
    /// The name of each run, made from its parameters, as in <c>"report-{day:yyyy-MM-dd}"</c>; null (the default) for a generated one.
    /// <c>{parameter}</c> is a value, <c>{parameter.member}</c> a part of it, and what follows a colon is .NET's format of a number, time,
    /// Guid or enum. A doubled brace is a brace. At most 200 characters; the rest is cut. A name that the call or the creation of the run
    /// gives wins.
    /// </summary>
    public string? RunName { get; set; }

    /// <summary>Tags of every run of the flow; none by default.</summary>
    public string[] Tags { get; set; } = [];

    /// <summary>
    /// False to keep the flow's value, and those of its tasks that do not say otherwise, no longer than the histories need them: the run
    /// has no result then. A calling flow gets the value all the same. If it is not set: true for a flow with a
    /// <see cref="ResultStorage"/>, otherwise what <see cref="FlowRegistryBuilder.PersistResults"/> says; true in the end. Prefect's
    /// <c>persist_result</c>.
    /// </summary>
    public bool PersistResult
    {
        get => Persists ?? true;
        set => Persists = value;
    }

    /// <summary><see cref="PersistResult"/>; null if it is not set.</summary>
    internal bool? Persists { get; private set; }

    /// <summary>
    /// The name of the storage that keeps the flow's value, and those of its tasks that do not say otherwise, as registered by
    /// <c>services.AddResultStorage</c>; null (the default) to keep them with their runs. The value comes from the flow's body, so it is no
    /// larger than a history takes; for a larger one, hand on that of a task: <see cref="TaskFuture{T}.AsResultAsync"/>.
    /// </summary>
    public string? ResultStorage { get; set; }

    /// <summary>
    /// The key of the flow's value in its storage, as in <c>reports/{parameters.day}/{flow_run.id}</c>; null (the default) for
    /// <c>{flow_run.id}/result</c>.
    /// </summary>
    public string? ResultKey { get; set; }

    /// <summary>
    /// How values are written into the storage: <c>json</c> (the default), <c>json+gzip</c>, or a registered name. Also for the tasks that
    /// use the flow's storage.
    /// </summary>
    public string? ResultSerializer { get; set; }

    /// <summary>
    /// The names of methods of the same class that are called when a run of the flow enters Running, as in
    /// <c>OnRunning = [nameof(Tell)]</c>: in each attempt, and when it is resumed. Each is <c>Task Tell(HookContext hook)</c> or
    /// <c>void</c>, static or not, with a <see cref="CancellationToken"/> if it wants one. They are called one after the other, beside the
    /// run, which does not wait for them. One that throws is noted in the run's log, and changes nothing else. Empty (the default) for
    /// none.
    /// </summary>
    public string[] OnRunning { get; set; } = [];

    /// <summary>The hooks of a run of the flow that is Completed; declared as for <see cref="OnRunning"/>.</summary>
    public string[] OnCompletion { get; set; } = [];

    /// <summary>The hooks of a run of the flow that is Failed and not retried; declared as for <see cref="OnRunning"/>.</summary>
    public string[] OnFailure { get; set; } = [];

    /// <summary>The hooks of a run of the flow that is Cancelled; declared as for <see cref="OnRunning"/>.</summary>
    public string[] OnCancellation { get; set; } = [];

    /// <summary>The hooks of a run of the flow that is Crashed; declared as for <see cref="OnRunning"/>.</summary>
    public string[] OnCrashed { get; set; } = [];
}
