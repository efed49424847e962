using System.Text.Json;
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

    internal static Returned Of<T>(T value, JsonTypeInfo<T> type) => value is ProposedState state
        ? new Returned(state with { Data = null }, state.Data?.GetRawText())
        : new Returned(StatesIn(value) is { } group ? group.Aggregate() : ProposedStates.Completed(), JsonSerializer.Serialize(value, type));

    private static StateGroup? StatesIn(object? value) => value switch
    {
        IState state => new StateGroup([state]),
        IEnumerable<IState> states when states.Any() => new StateGroup(states),
        IReadOnlyCollection<object?> { Count: > 0 } items when items.All(item => item is IState) => new StateGroup(items.Cast<IState>()),
        _ => null,
    };
}
