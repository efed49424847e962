using Serverless.Core.States;

namespace Serverless.Flows;

/// <summary>A run completed, but its state does not have its value with it: states that come from the API have none.</summary>
public sealed class MissingResultException : RunException
{
    internal MissingResultException(IState state)
        : base("State data is missing. A state that was read from the API has no result.", state, called: null) { }
}
