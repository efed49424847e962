using Serverless.Core.States;

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

    /// <summary>The facts that have to be at hand to judge a transition; looking for others would be in vain.</summary>
    /// <param name="current">The run's state; null for none.</param>
    /// <param name="proposed">The state that is wanted.</param>
    public TransitionNeeds Needs(State? current, ProposedState proposed)
    {
        ArgumentNullException.ThrowIfNull(proposed);
        return Policy.Needs(current, proposed, client: null);
    }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
