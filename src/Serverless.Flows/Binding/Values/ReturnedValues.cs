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

    /// <summary>What a value means that may go to a result storage. States do not: they are about runs, and small.</summary>
    internal static Task<Returned> OfAsync<T>(
        T value,
        JsonTypeInfo<T> type,
        string target,
        Func<object?, Type, Task<StoredResult>>? keep
    ) =>
        keep is null || value is RunState || StatesIn(value) is not null
            ? Task.FromResult(Of(value, type, target))
            : KeepAsync(value, keep);

    private static async Task<Returned> KeepAsync<T>(T value, Func<object?, Type, Task<StoredResult>> keep)
    {
        if (typeof(T) == typeof(object) && value is not System.Collections.IEnumerable)
        {
            Check(value?.GetType());
        }

        return Nothing with
        {
            Stored = await keep(value, typeof(T)),
        };
    }

    internal static Returned Of<T>(T value, JsonTypeInfo<T> type, string target)
    {
        if (value is RunState { Content: ProposedState state })
        {
            return new Returned(state with { Data = null }, Checked(state.Data?.GetRawText(), target));
        }

        // Who declares an object reads JSON; a list of such is read as a list of such.
        if (typeof(T) == typeof(object) && value is not System.Collections.IEnumerable)
        {
            Check(value?.GetType());
        }

        return new Returned(
            StatesIn(value) is { } group ? group.Aggregate() : ProposedStates.Completed(),
            BoundedJson.Write(value, type, () => NameOf(target))
        );
    }

    /// <summary>Refuses a value of a type that no declaration names, if it would not come back from JSON as it is.</summary>
    /// <exception cref="FlowRegistrationException">It would not; says why.</exception>
    internal static void Check(Type? type)
    {
        if (type is not null && type != typeof(object) && SerializableTypes.Problem(type) is { } problem)
        {
            throw new FlowRegistrationException($"The result cannot be written as JSON: {problem}.");
        }
    }

    private static string? Checked(string? json, string target)
    {
        if (json is not null)
        {
            BoundedJson.Check(json, () => NameOf(target));
        }

        return json;
    }

    private static string NameOf(string target) => $"The result of {target}";

    private static StateGroup? StatesIn(object? value) =>
        value switch
        {
            RunState state => new StateGroup([state.Content]),
            IEnumerable<RunState> states when states.Any() => new StateGroup(states.Select(state => state.Content)),
            IReadOnlyCollection<object?> { Count: > 0 } items when items.All(item => item is RunState) => new StateGroup(
                items.Cast<RunState>().Select(state => state.Content)
            ),
            _ => null,
        };
}
