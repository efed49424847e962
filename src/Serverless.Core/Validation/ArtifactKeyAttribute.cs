using System.Buffers;
using System.ComponentModel.DataAnnotations;

namespace Serverless.Core.Validation;

/// <summary>The key of an artifact as Prefect takes them: lower-case letters, digits and dashes.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ArtifactKeyAttribute : RegularExpressionAttribute
{
    private static readonly SearchValues<char> Characters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    /// <summary>Creates the rule, with Prefect's words.</summary>
    public ArtifactKeyAttribute()
        : base("^[a-z0-9-]*$") => ErrorMessage = "Value error, Artifact key must only contain lowercase letters, numbers, and dashes.";

    /// <summary>Whether an artifact can have the key.</summary>
    public static bool IsKey(string? key) => key is not null && !key.AsSpan().ContainsAnyExcept(Characters);

    /// <inheritdoc/>
    public override bool IsValid(object? value) => value is null || IsKey(value as string);
}
