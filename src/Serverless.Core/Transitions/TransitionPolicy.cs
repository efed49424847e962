using Serverless.Core.States;

namespace Serverless.Core.Transitions;

/// <summary>An ordered list of rules, with those that judge a pair of types looked up once.</summary>
/// <typeparam name="TTransition">The kind of transition.</typeparam>
internal sealed class TransitionPolicy<TTransition>
    where TTransition : Transition
{
    private const int Types = 9;
    private const int Nothing = -1;
    private const int NotAsked = -2;

    private readonly ITransitionRule<TTransition>[][] _byPair = new ITransitionRule<TTransition>[(Types + 1) * Types][];

    public TransitionPolicy(ITransitionRule<TTransition>[] rules)
    {
        Rules = rules;
        for (var from = 0; from <= Types; from++)
        {
            for (var to = 0; to < Types; to++)
            {
                _byPair[(from * Types) + to] = [.. rules.Where(rule => Has(rule.From, from) && Has(rule.To, to))];
            }
        }
    }

    public IReadOnlyList<ITransitionRule<TTransition>> Rules { get; }

    /// <summary>The facts that the rules need to judge the transition.</summary>
    public TransitionNeeds Needs(State? initial, ProposedState proposed, ClientVersion? client)
    {
        var needs = TransitionNeeds.None;
        foreach (var rule in RulesFor(initial, proposed.Type))
        {
            needs |= rule.Needs(initial, proposed, client);
        }

        return needs;
    }

    /// <summary>
    /// Has the rules judge, undoing those that a later one overruled, then has the transforms keep the books.
    /// </summary>
    public void Evaluate(TTransition transition, ITransitionTransform<TTransition>[] books)
    {
        var rules = RulesFor(transition.Initial, transition.To);

        // What each rule left the transition as: the type to be written.
        Span<int> left = stackalloc int[rules.Length];
        var decider = NotAsked;
        for (var i = 0; i < rules.Length; i++)
        {
            if (!rules[i].IsTransform && Result(transition) != (int)transition.To)
            {
                left[i] = NotAsked;
                continue;
            }

            var status = transition.Status;
            rules[i].Before(transition);
            left[i] = Result(transition);
            decider = transition.Status == status ? decider : i;
        }

        for (var i = rules.Length - 1; i >= 0; i--)
        {
            if (left[i] != NotAsked && left[i] != Result(transition))
            {
                rules[i].Undo(transition);
            }
        }

        if (transition.IsNullified)
        {
            return;
        }

        foreach (var book in books)
        {
            book.Apply(transition);
        }

        for (var i = rules.Length - 1; i >= 0; i--)
        {
            // The rule that put another state in the proposed one's place has said all it has to say.
            if (rules[i].IsTransform || (left[i] == Result(transition) && i != decider))
            {
                rules[i].After(transition);
            }
        }
    }

    private ReadOnlySpan<ITransitionRule<TTransition>> RulesFor(State? initial, StateType to) =>
        _byPair[((initial is null ? Types : (int)initial.Type) * Types) + (int)to];

    private static int Result(TTransition transition) => transition.IsNullified ? Nothing : (int)transition.Type;

    private static bool Has(StateTypes set, int type) => ((int)set & (1 << type)) != 0;
}
