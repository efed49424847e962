using Serverless.Core.States;

namespace Serverless.Core.Transitions;

/// <summary>An ordered list of rules, with those that judge a pair of types looked up once.</summary>
/// <typeparam name="TTransition">The kind of transition.</typeparam>
internal sealed class TransitionPolicy<TTransition>
    where TTransition : Transition
{
    private const int Types = 9;
    private readonly ITransitionRule<TTransition>[][] byPair = new ITransitionRule<TTransition>[(Types + 1) * Types][];

    public TransitionPolicy(ITransitionRule<TTransition>[] rules)
    {
        Rules = rules;
        for (var from = 0; from <= Types; from++)
        {
            for (var to = 0; to < Types; to++)
            {
                byPair[(from * Types) + to] = [.. rules.Where(rule => Has(rule.From, from) && Has(rule.To, to))];
            }
        }
    }

    public IReadOnlyList<ITransitionRule<TTransition>> Rules { get; }

    /// <summary>
    /// Has the rules judge, undoing those that a later one overruled, then has the transforms keep the books.
    /// </summary>
    public void Evaluate(TTransition transition, ITransitionTransform<TTransition>[] transforms)
    {
        var from = transition.Initial is { } initial ? (int)initial.Type : Types;
        var rules = byPair[(from * Types) + (int)transition.To];

        var asked = 0;
        while (asked < rules.Length && transition.Status == SetStateStatus.Accept)
        {
            rules[asked++].Before(transition);
        }

        var stands = transition.Status == SetStateStatus.Accept;
        if (!stands)
        {
            // The last one asked decided, and keeps its effects.
            for (var i = asked - 2; i >= 0; i--)
            {
                rules[i].Undo(transition);
            }
        }

        if (!transition.IsNullified)
        {
            foreach (var transform in transforms)
            {
                transform.Apply(transition);
            }
        }

        if (stands)
        {
            for (var i = asked - 1; i >= 0; i--)
            {
                rules[i].After(transition);
            }
        }
    }

    private static bool Has(StateTypes set, int type) => ((int)set & (1 << type)) != 0;
}
