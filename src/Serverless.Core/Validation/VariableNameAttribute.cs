using System.Buffers;
using System.ComponentModel.DataAnnotations;

namespace Serverless.Core.Validation;

/// <summary>
/// The name of a variable as Prefect takes them: lower-case letters, digits, dashes and underscores; of at most <see cref="Longest"/>
/// characters, which is looked at by itself.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class VariableNameAttribute : RegularExpressionAttribute
{
    /// <summary>Most characters of a name.</summary>
    public const int Longest = 255;

    private static readonly SearchValues<char> Characters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-_");

    /// <summary>Creates the rule, with Prefect's words.</summary>
    public VariableNameAttribute()
        : base("^[a-z0-9-_]*$") =>
        ErrorMessage = "Value error, Variable name must only contain lowercase letters, numbers, and dashes or underscores.";

    /// <summary>Whether a variable can have the name.</summary>
    public static bool IsName(string name) => name?.Length <= Longest && !name.AsSpan().ContainsAnyExcept(Characters);

    /// <inheritdoc/>
    public override bool IsValid(object? value) => value is null || (value is string name && !name.AsSpan().ContainsAnyExcept(Characters));
}
