namespace Serverless.Core.Transitions;

/// <summary>Which rules judge the transitions of task runs, in order.</summary>
public sealed class TaskTransitionPolicy
{
    internal TaskTransitionPolicy(string name, params ITransitionRule<TaskRunTransition>[] rules)
    {
        Name = name;
        Policy = new TransitionPolicy<TaskRunTransition>(rules);
    }

    /// <summary>The policy's name, the same as in Prefect where it comes from there.</summary>
    public string Name { get; }

    /// <summary>The names of the rules, in order.</summary>
    public IEnumerable<string> RuleNames => Policy.Rules.Select(rule => rule.Name);

    internal TransitionPolicy<TaskRunTransition> Policy { get; }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
