using Serverless.Core.States;

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

    /// <summary>The facts that have to be at hand to judge a transition; looking for others would be in vain.</summary>
    /// <param name="current">The run's state; null for none.</param>
    /// <param name="proposed">The state that is wanted.</param>
    /// <param name="client">The version of the Prefect client that proposes; null for anybody else.</param>
    public TransitionNeeds Needs(State? current, ProposedState proposed, ClientVersion? client = null)
    {
        ArgumentNullException.ThrowIfNull(proposed);
        return Policy.Needs(current, proposed, client);
    }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
