using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Serverless.Core.Validation;

namespace Serverless.Core.Models;

/// <summary>Body of <c>POST /variables/</c>.</summary>
public sealed record VariableCreate
{
    /// <summary>The unique name: lower-case letters, digits, dashes and underscores.</summary>
    [VariableName]
    [AnyLength]
    public required string Name { get; init; }

    /// <summary>The value: any JSON, null included.</summary>
    public required JsonElement? Value { get; init; }

    /// <summary>The tags.</summary>
    [MaxLength(WireLimits.Tags)]
    public IReadOnlyList<string> Tags
    {
        get;
        init => field = value ?? [];
    } = [];
}
