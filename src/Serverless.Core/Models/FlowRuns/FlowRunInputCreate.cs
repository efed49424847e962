using System.ComponentModel.DataAnnotations;
using Serverless.Core.Validation;

namespace Serverless.Core.Models;

/// <summary>Body of <c>POST /flow_runs/{id}/input</c>.</summary>
public sealed record FlowRunInputCreate
{
    /// <summary>The key, unique in the flow run: lower-case letters, digits and dashes.</summary>
    [RegularExpression("^[a-z0-9-]*$", ErrorMessage = "Value error, key must only contain lowercase letters, numbers, and dashes.")]
    public required string Key { get; init; }

    /// <summary>The text.</summary>
    [AnyLength]
    public required string Value { get; init; }

    /// <summary>Who sends it.</summary>
    public string? Sender { get; init; }
}
