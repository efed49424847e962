namespace Serverless.Core.Models;

/// <summary>An input of a flow run: a text under a key.</summary>
public sealed record FlowRunInput
{
    /// <summary>The id.</summary>
    public required Guid Id { get; init; }

    /// <summary>When it was written (UTC).</summary>
    public DateTimeOffset? Created { get; init; }

    /// <summary>When it was last changed (UTC); inputs are replaced as a whole.</summary>
    public DateTimeOffset? Updated { get; init; }

    /// <summary>The flow run.</summary>
    public required Guid FlowRunId { get; init; }

    /// <summary>The key, unique in the flow run.</summary>
    public required string Key { get; init; }

    /// <summary>The text; JSON mostly.</summary>
    public required string Value { get; init; }

    /// <summary>Who sent it, such as <c>prefect.flow-run.{id}</c>.</summary>
    public string? Sender { get; init; }
}
