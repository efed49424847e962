using System.Linq.Expressions;

namespace Serverless.Flows;

/// <summary>Says more of a schedule than its times.</summary>
public sealed class ScheduleBuilder
{
    private readonly FlowDefinition _flow;
    private readonly List<string> _problems;

    internal ScheduleBuilder(FlowDefinition flow, ScheduleDraft draft, List<string> problems)
    {
        _flow = flow;
        Draft = draft;
        _problems = problems;
    }

    internal ScheduleDraft Draft { get; }

    /// <summary>Names it: by its slug a redeploy finds it again. Needed where a deployment has several schedules of a kind.</summary>
    /// <param name="slug">The slug, unique within the deployment.</param>
    /// <returns>This builder.</returns>
    public ScheduleBuilder WithSlug(string slug)
    {
        ArgumentNullException.ThrowIfNull(slug);
        Draft.Slug = slug;
        return this;
    }

    /// <summary>Sets parameters that override the deployment's, by a call of the flow. The call is read, not made.</summary>
    /// <param name="call">The call: <c>flow => Reports.Run(flow, "sales.csv")</c>.</param>
    /// <returns>This builder.</returns>
    public ScheduleBuilder WithParameters(Expression<Action<FlowContext>> call)
    {
        ArgumentNullException.ThrowIfNull(call);
        Draft.Parameters = GivenParameters.OfCall(_flow, call, _problems);
        return this;
    }

    /// <summary>Sets parameters that override the deployment's, by a call of the flow, which is an instance method of a class.</summary>
    /// <typeparam name="TClass">The flow's class.</typeparam>
    /// <param name="call">The call: <c>(Reports reports, FlowContext flow) => reports.Run(flow, "sales.csv")</c>.</param>
    /// <returns>This builder.</returns>
    public ScheduleBuilder WithParameters<TClass>(Expression<Action<TClass, FlowContext>> call)
    {
        ArgumentNullException.ThrowIfNull(call);
        Draft.Parameters = GivenParameters.OfCall(_flow, call, _problems);
        return this;
    }

    /// <summary>Sets parameters that override the deployment's: <c>new { path = "sales.csv" }</c>.</summary>
    /// <param name="values">An object with a member for each, or a dictionary from names to values.</param>
    /// <returns>This builder.</returns>
    public ScheduleBuilder WithParameters(object values)
    {
        ArgumentNullException.ThrowIfNull(values);
        Draft.Parameters = GivenParameters.OfObject(values, _problems);
        return this;
    }

    /// <summary>Bounds how many runs it has created ahead.</summary>
    /// <param name="count">How many: 1 or more. The server's limit unless set.</param>
    /// <returns>This builder.</returns>
    public ScheduleBuilder WithMaxScheduledRuns(int count)
    {
        Draft.MaxScheduledRuns = count;
        return this;
    }

    /// <summary>What happens to its times that passed while no host was running.</summary>
    /// <param name="policy">What.</param>
    /// <returns>This builder.</returns>
    public ScheduleBuilder CatchUp(CatchUpPolicy policy)
    {
        Draft.CatchUp = policy;
        return this;
    }

    /// <summary>Makes it inactive when it is first stored: it creates no runs until somebody activates it.</summary>
    /// <returns>This builder.</returns>
    public ScheduleBuilder Inactive()
    {
        Draft.IsActive = false;
        return this;
    }
}
