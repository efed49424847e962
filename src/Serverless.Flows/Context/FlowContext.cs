using Microsoft.Extensions.Logging;
using Serverless.Flows.Calls;
using Serverless.Flows.Hosting;

namespace Serverless.Flows;

/// <summary>
/// A running flow: calls tasks and subflows, waits durably, and gives time, ids and log. A flow may be run again from its start
/// (after a crash, say) with the answers of the calls it already made: everything that is not the same each time, and all I/O,
/// belongs into tasks.
/// </summary>
public sealed partial class FlowContext
{
    private readonly IFlowEngine _engine;
    private readonly CallStarter _calls;
    private readonly BodySteps _steps;
    private readonly TagScope _tags = new();
    private int _pauses;

    /// <summary>The context of one execution of a flow's body.</summary>
    /// <param name="engine">Carries out the calls.</param>
    /// <param name="registry">Knows what may be called.</param>
    public FlowContext(IFlowEngine engine, FlowRegistry registry)
    {
        ArgumentNullException.ThrowIfNull(engine);
        ArgumentNullException.ThrowIfNull(registry);
        _engine = engine;
        _calls = new CallStarter(engine, registry, _tags, _transactions);
        _steps = new BodySteps(engine);
        BodyServices services = new(_steps);
        Artifacts = new RunArtifacts(services);
        Variables = new RunVariables(services);
        Input = new FlowInput(engine, _steps);
    }

    /// <summary>The run.</summary>
    public FlowRunInfo Run => _engine.Run;

    /// <summary>The time (UTC); the same whenever the flow is run again. It changes only while the flow waits for something.</summary>
    /// <exception cref="InvalidOperationException">It was read millions of times without a wait between.</exception>
    public DateTimeOffset UtcNow
    {
        get
        {
            _steps.Look();
            return _engine.UtcNow;
        }
    }

    /// <summary>The run's log, from level Information; silent while the flow is run again. A line has at most 16,000 characters.</summary>
    public ILogger Logger => _engine.Logger;

    /// <summary>Cancelled when the run is cancelled or its time is up.</summary>
    public CancellationToken CancellationToken => _engine.CancellationToken;

    /// <summary>Writes artifacts of the run.</summary>
    public RunArtifacts Artifacts { get; }

    /// <summary>Reads and writes variables.</summary>
    public RunVariables Variables { get; }

    /// <summary>Receives inputs from clients and other flow runs while the flow runs, and sends them.</summary>
    public FlowInput Input { get; }

    /// <summary>What the body came to: the value that it hands on, if there is one, in the place of what it returned.</summary>
    internal Returned HandedOn(Returned returned) => _steps.HandedOn?.In(returned) ?? returned;

    /// <summary>Makes an id; the same whenever the flow is run again.</summary>
    /// <returns>The id.</returns>
    public Guid NewGuid() => _engine.NewGuid();

    /// <summary>Waits durably: the wait takes no thread and outlives restarts.</summary>
    /// <param name="duration">How long: zero (no wait) to a century.</param>
    /// <param name="cancellationToken">
    /// Ends the wait early, and leaves no timer behind. Cancel it in the flow's own code, by
    /// <see cref="CancellationTokenSource.Cancel()"/>:
    /// what is cancelled by a clock or a thread is not the same when the flow is run again.
    /// </param>
    /// <returns>A task that is done after it.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The duration is negative or longer than a century.</exception>
    /// <exception cref="OperationCanceledException">The token is cancelled, or the flow run is being cancelled.</exception>
    public Task SleepAsync(TimeSpan duration, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(duration, TimeSpan.Zero);
        Durations.Check(duration, nameof(SleepAsync), nameof(duration));
        return cancellationToken.IsCancellationRequested ? _steps.Wait(Task.FromCanceled(cancellationToken), BodySteps.Failure)
            : duration == TimeSpan.Zero ? _steps.Wait(Task.CompletedTask)
            : _steps.Wait(_engine.SleepAsync(duration, cancellationToken));
    }

    /// <summary>
    /// Adds tags to the runs of all calls that are made until the answer is disposed, as in <c>using (flow.WithTags("nightly"))</c>. It
    /// holds for the code that called this, through its awaits, and for what that code calls.
    /// </summary>
    /// <param name="tags">The tags.</param>
    /// <returns>What ends it.</returns>
    /// <exception cref="ArgumentException">A tag is empty.</exception>
    public IDisposable WithTags(params IReadOnlyList<string> tags) => _tags.Enter(tags);

    /// <summary>Waits for the calls that are still open; called when the body has ended, well or not.</summary>
    internal Task WhenIdleAsync() => _calls.WhenIdleAsync();
}
