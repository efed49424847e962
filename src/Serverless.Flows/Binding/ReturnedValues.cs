using System.Text.Json.Serialization.Metadata;
using Serverless.Core.States;
using Serverless.Flows.Hosting;

namespace Serverless.Flows.Binding;

/// <summary>
/// What a returned value means: a state that the code made is the run's, with its data as the result; states of other runs are
/// the result, and decide together; anything else is the result of a completed run.
/// </summary>
internal static class ReturnedValues
{
    internal static Returned Nothing { get; } = new(ProposedStates.Completed(), ResultJson: null);

    internal static Returned Of<T>(T value, JsonTypeInfo<T> type, string target) => value is ProposedState state
        ? new Returned(Detached(state), Checked(state.Data?.GetRawText(), target))
        : new Returned(StatesIn(value) is { } group ? group.Aggregate() : ProposedStates.Completed(), BoundedJson.Write(value, type, () => NameOf(target)));

    private static string? Checked(string? json, string target)
    {
        if (json is not null)
        {
            BoundedJson.Check(json, () => NameOf(target));
        }

        return json;
    }

    private static string NameOf(string target) => $"The result of {target}";

    /// <summary>The state without anything of the author's that could still change, or throw, once the code has ended.</summary>
    private static ProposedState Detached(ProposedState state) => state with
    {
        Data = null,
        StateDetails = state.StateDetails.RunInputKeyset is { } keyset
            ? state.StateDetails with { RunInputKeyset = new Dictionary<string, string>(keyset, StringComparer.Ordinal) }
            : state.StateDetails,
    };

    private static StateGroup? StatesIn(object? value) => value switch
    {
        IState state => new StateGroup([state]),
        IEnumerable<IState> states when states.Any() => new StateGroup(states),
        IReadOnlyCollection<object?> { Count: > 0 } items when items.All(item => item is IState) => new StateGroup(items.Cast<IState>()),
        _ => null,
    };
}
