using System.ComponentModel.DataAnnotations;

namespace Serverless.Core.Validation;

/// <summary>A name as Prefect takes them: not empty, and without <c>/ % &amp; &gt; &lt;</c>.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class WireNameAttribute() : RegularExpressionAttribute("^[^/%&><]+$")
{
    /// <inheritdoc/>
    public override bool IsValid(object? value) =>
        value is null || (value is string { Length: > 0 } name && !name.AsSpan().ContainsAny("/%&><"));
}
