using System.Linq.Expressions;

namespace Serverless.Flows;

/// <summary>
/// Says what a deployment of a flow is. What cannot work, the registry tells when it is made, with the names of the flow and the
/// deployment.
/// </summary>
public sealed class DeploymentBuilder
{
    private readonly FlowDefinition _flow;

    internal DeploymentBuilder(FlowDefinition flow) => _flow = flow;

    internal DeploymentDraft Draft { get; } = new();

    /// <summary>Names it. Every deployment needs a name.</summary>
    /// <param name="name">The name, unique within the flow; not empty, and without <c>/ % &amp; &gt; &lt;</c>. One named <c>default</c>
    /// takes the place of the deployment that every flow has.</param>
    /// <returns>This builder.</returns>
    public DeploymentBuilder Named(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        Draft.Name = name;
        return this;
    }

    /// <summary>Describes it, instead of the flow's description.</summary>
    /// <param name="markdown">The description.</param>
    /// <returns>This builder.</returns>
    public DeploymentBuilder WithDescription(string markdown)
    {
        ArgumentNullException.ThrowIfNull(markdown);
        Draft.Description = markdown;
        return this;
    }

    /// <summary>Gives it a version of its own, instead of the flow's.</summary>
    /// <param name="version">The version.</param>
    /// <returns>This builder.</returns>
    public DeploymentBuilder WithVersion(string version)
    {
        ArgumentNullException.ThrowIfNull(version);
        Draft.Version = version;
        return this;
    }

    /// <summary>Adds tags to it and its runs, beside the flow's.</summary>
    /// <param name="tags">The tags.</param>
    /// <returns>This builder.</returns>
    public DeploymentBuilder WithTags(params string[] tags)
    {
        ArgumentNullException.ThrowIfNull(tags);
        Draft.Tags.AddRange(tags);
        return this;
    }

    /// <summary>Sets parameters of its runs by a call of the flow, which the compiler checks. The call is read, not made.</summary>
    /// <param name="call">The call: <c>flow => Reports.Run(flow, "sales.csv")</c>.</param>
    /// <returns>This builder.</returns>
    public DeploymentBuilder WithParameters(Expression<Action<FlowContext>> call)
    {
        ArgumentNullException.ThrowIfNull(call);
        Draft.Parameters = GivenParameters.OfCall(_flow, call, Draft.Problems);
        return this;
    }

    /// <summary>Sets parameters of its runs by a call of the flow, which is an instance method of a class.</summary>
    /// <typeparam name="TClass">The flow's class.</typeparam>
    /// <param name="call">The call: <c>(Reports reports, FlowContext flow) => reports.Run(flow, "sales.csv")</c>.</param>
    /// <returns>This builder.</returns>
    public DeploymentBuilder WithParameters<TClass>(Expression<Action<TClass, FlowContext>> call)
    {
        ArgumentNullException.ThrowIfNull(call);
        Draft.Parameters = GivenParameters.OfCall(_flow, call, Draft.Problems);
        return this;
    }

    /// <summary>Sets parameters of its runs by an object with a member for each: <c>new { path = "sales.csv" }</c>.</summary>
    /// <param name="values">The object, or a dictionary from names to values.</param>
    /// <returns>This builder.</returns>
    public DeploymentBuilder WithParameters(object values)
    {
        ArgumentNullException.ThrowIfNull(values);
        Draft.Parameters = GivenParameters.OfObject(values, Draft.Problems);
        return this;
    }

    /// <summary>Bounds how many of its runs may be active at once; any number unless set.</summary>
    /// <param name="limit">How many: 1 or more.</param>
    /// <param name="collision">What happens to a run beyond it.</param>
    /// <param name="gracePeriod">How long a run may take to start before its place is given up, from a minute to a day; null for the
    /// server's default.</param>
    /// <returns>This builder.</returns>
    public DeploymentBuilder WithConcurrencyLimit(
        int limit,
        CollisionStrategy collision = CollisionStrategy.Enqueue,
        TimeSpan? gracePeriod = null
    )
    {
        Draft.ConcurrencyLimit = limit;
        Draft.CollisionStrategy = collision;
        Draft.GracePeriod = gracePeriod;
        return this;
    }

    /// <summary>What happens to times of its schedules that passed while no host was running; a schedule can say it for itself.</summary>
    /// <param name="policy">What.</param>
    /// <returns>This builder.</returns>
    public DeploymentBuilder CatchUp(CatchUpPolicy policy)
    {
        Draft.CatchUp = policy;
        return this;
    }

    /// <summary>Makes it paused when it is first stored: its schedules create no runs until somebody resumes it.</summary>
    /// <returns>This builder.</returns>
    public DeploymentBuilder Paused()
    {
        Draft.IsPaused = true;
        return this;
    }

    /// <summary>Adds a schedule by a cron expression.</summary>
    /// <param name="cron">The expression: <c>0 2 * * *</c>.</param>
    /// <param name="timeZone">The IANA name of the zone whose clock it goes by; null for UTC.</param>
    /// <param name="schedule">Says more of the schedule; null for nothing.</param>
    /// <param name="dayOr">Whether a day of the month or one of the week is enough, if the expression says both.</param>
    /// <returns>This builder.</returns>
    public DeploymentBuilder OnCron(string cron, string? timeZone = null, Action<ScheduleBuilder>? schedule = null, bool dayOr = true)
    {
        ArgumentNullException.ThrowIfNull(cron);
        return Add(new CronDefinition(cron) { TimeZone = timeZone, DayOr = dayOr }, schedule);
    }

    /// <summary>Adds a schedule at equal distances.</summary>
    /// <param name="interval">The distance, a millisecond or more. One of a day or more follows the zone's clock; a shorter one is elapsed
    /// time.</param>
    /// <param name="anchor">One of the times; null for midnight of 2020-01-01 in the zone.</param>
    /// <param name="timeZone">The IANA name of the zone whose clock it goes by; null for UTC.</param>
    /// <param name="schedule">Says more of the schedule; null for nothing.</param>
    /// <returns>This builder.</returns>
    public DeploymentBuilder OnInterval(
        TimeSpan interval,
        DateTimeOffset? anchor = null,
        string? timeZone = null,
        Action<ScheduleBuilder>? schedule = null
    ) => Add(new IntervalDefinition(interval) { TimeZone = timeZone, Anchor = anchor }, schedule);

    /// <summary>Adds a schedule by recurrence rules of RFC 5545.</summary>
    /// <param name="rrule">The rules: <c>FREQ=WEEKLY;BYDAY=MO</c>.</param>
    /// <param name="timeZone">The IANA name of the zone whose clock it goes by; null for UTC.</param>
    /// <param name="schedule">Says more of the schedule; null for nothing.</param>
    /// <returns>This builder.</returns>
    public DeploymentBuilder OnRRule(string rrule, string? timeZone = null, Action<ScheduleBuilder>? schedule = null)
    {
        ArgumentNullException.ThrowIfNull(rrule);
        return Add(new RRuleDefinition(rrule) { TimeZone = timeZone }, schedule);
    }

    private DeploymentBuilder Add(ScheduleDefinition timing, Action<ScheduleBuilder>? configure)
    {
        ScheduleBuilder schedule = new(_flow, new ScheduleDraft(timing), Draft.Problems);
        configure?.Invoke(schedule);
        Draft.Schedules.Add(schedule.Draft);
        return this;
    }
}
