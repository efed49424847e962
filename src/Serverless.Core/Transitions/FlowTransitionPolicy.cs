namespace Serverless.Core.Transitions;

/// <summary>Which rules judge the transitions of flow runs, in order.</summary>
public sealed class FlowTransitionPolicy
{
    internal FlowTransitionPolicy(string name, params ITransitionRule<FlowRunTransition>[] rules)
    {
        Name = name;
        Policy = new TransitionPolicy<FlowRunTransition>(rules);
    }

    /// <summary>The policy's name, the same as in Prefect where it comes from there.</summary>
    public string Name { get; }

    /// <summary>The names of the rules, in order.</summary>
    public IEnumerable<string> RuleNames => Policy.Rules.Select(rule => rule.Name);

    internal TransitionPolicy<FlowRunTransition> Policy { get; }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
