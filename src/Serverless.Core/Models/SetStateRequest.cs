using Serverless.Core.States;

namespace Serverless.Core.Models;

/// <summary>Body of <c>POST /flow_runs/{id}/set_state</c> and <c>/task_runs/{id}/set_state</c>.</summary>
public sealed record SetStateRequest
{
    /// <summary>The state that is proposed.</summary>
    public required ProposedState State { get; init; }

    /// <summary>True to skip the rules (the minimal policy decides).</summary>
    public bool Force { get; init; }
}
