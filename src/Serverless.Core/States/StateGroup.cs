namespace Serverless.Core.States;

/// <summary>
/// The states of several runs, and the one that stands for all of them: Completed if all are, else Cancelled or Paused if
/// one is, else Failed.
/// </summary>
public sealed class StateGroup
{
    private readonly int[] _counts = new int[Enum.GetValues<StateType>().Length];
    private readonly List<StateType> _types = [];

    /// <summary>Counts the states.</summary>
    /// <param name="states">The states; at least one.</param>
    /// <exception cref="ArgumentException">There are none.</exception>
    public StateGroup(IEnumerable<IState> states)
    {
        ArgumentNullException.ThrowIfNull(states);
        foreach (var state in states)
        {
            TotalCount++;
            FinalCount += state.IsFinal() ? 1 : 0;
            if (_counts[(int)state.Type]++ == 0)
            {
                _types.Add(state.Type);
            }
        }

        if (TotalCount == 0)
        {
            throw new ArgumentException("A group must have at least one state.", nameof(states));
        }
    }

    /// <summary>How many states there are.</summary>
    public int TotalCount { get; }

    /// <summary>How many are final.</summary>
    public int FinalCount { get; }

    /// <summary>How many are not final.</summary>
    public int NotFinalCount => TotalCount - FinalCount;

    /// <summary>How many failed or crashed.</summary>
    public int FailCount => CountOf(StateType.Failed) + CountOf(StateType.Crashed);

    /// <summary>How many are of a type.</summary>
    public int CountOf(StateType type) => _counts[(int)type];

    /// <summary>The state that stands for all of them, with a message that counts.</summary>
    public ProposedState Aggregate()
    {
        if (CountOf(StateType.Completed) == TotalCount)
        {
            return ProposedStates.Completed("All states completed.");
        }

        if (CountOf(StateType.Cancelled) is > 0 and var cancelled)
        {
            return ProposedStates.Cancelled($"{cancelled}/{TotalCount} states cancelled.");
        }

        if (CountOf(StateType.Paused) is > 0 and var paused)
        {
            return ProposedStates.Paused(message: $"{paused}/{TotalCount} states paused.");
        }

        return ProposedStates.Failed(
            FailCount > 0 ? $"{FailCount}/{TotalCount} states failed." : $"{NotFinalCount}/{TotalCount} states are not final."
        );
    }

    /// <summary>The counts, as in <c>StateGroup&lt;total=3, not_final=1, 'COMPLETED'=2, 'RUNNING'=1&gt;</c>.</summary>
    public override string ToString()
    {
        var notFinal = NotFinalCount > 0 ? $", not_final={NotFinalCount}" : "";
        var counts = string.Concat(_types.Select(type => $", '{type.DefaultName().ToUpperInvariant()}'={CountOf(type)}"));
        return $"StateGroup<total={TotalCount}{notFinal}{counts}>";
    }
}
