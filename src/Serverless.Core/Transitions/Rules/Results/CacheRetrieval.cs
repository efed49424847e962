using Serverless.Core.States;

namespace Serverless.Core.Transitions.Rules;

/// <summary>A task run whose cache key has a completed state already takes that state instead of running.</summary>
internal sealed class CacheRetrieval() : TransitionRule<TaskRunTransition>(from: StateTypes.AnyOrNone, to: StateTypes.Running)
{
    public override TransitionNeeds Needs(State? initial, ProposedState proposed, ClientVersion? client) =>
        Looks(proposed.StateDetails) ? TransitionNeeds.CachedState : TransitionNeeds.None;

    public override void Before(TaskRunTransition transition)
    {
        if (
            Looks(transition.Details)
            && transition.Cached is { State: var state } cached
            && (cached.Expiration is null || cached.Expiration > transition.Now)
        )
        {
            transition.Reject(
                new ProposedState
                {
                    Type = state.Type,
                    Name = StateNames.Cached,
                    Message = state.Message,
                    Data = state.Data,
                    StateDetails = state.StateDetails,
                },
                "Retrieved state from cache"
            );
        }
    }

    private static bool Looks(StateDetails details) => !string.IsNullOrEmpty(details.CacheKey) && details.RefreshCache is not true;
}
