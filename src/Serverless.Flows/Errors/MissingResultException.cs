using Serverless.Core.States;
using Serverless.Flows.Hosting;

namespace Serverless.Flows;

/// <summary>
/// A run completed, but its state does not have its value with it: states that come from the API have none, and those of runs whose result
/// is not kept.
/// </summary>
public sealed class MissingResultException : RunException
{
    /// <summary>The exception for a state.</summary>
    /// <param name="state">The state, as in <see cref="RunState.Completed"/>.</param>
    public MissingResultException(RunState state)
        : this("State data is missing. A state that was read from the API has no result.", state) { }

    private MissingResultException(string message, RunState state)
        : base(message, state) { }

    internal static MissingResultException OfUnkept(CallOutcome outcome) =>
        new(
            $"The result of run '{outcome.RunId}' was not kept: PersistResult is false.",
            new RunState(new ProposedState { Type = outcome.Type, Name = outcome.StateName })
        );
}
