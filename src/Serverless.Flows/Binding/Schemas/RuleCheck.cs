using System.ComponentModel.DataAnnotations;
using System.Globalization;

namespace Serverless.Flows.Binding;

/// <summary>Asks a validation attribute.</summary>
internal static class RuleCheck
{
    /// <summary>What the rule says against the value; null for nothing.</summary>
    internal static ValidationResult? Failure(ValidationAttribute rule, object? value, ValidationContext context) =>
        rule is RangeAttribute { Minimum: string least, Maximum: string most } range && InstantOf(value) is { } instant
            ? TimeFailure(range, instant, least, most)
            : rule.GetValidationResult(value, context);

    // The attribute itself takes a bound without an offset to be in the host's zone.
    private static ValidationResult? TimeFailure(RangeAttribute range, DateTimeOffset value, string least, string most)
    {
        var (first, last) = (Instant(least), Instant(most));
        var isInside =
            (range.MinimumIsExclusive ? value > first : value >= first) && (range.MaximumIsExclusive ? value < last : value <= last);
        return isInside ? ValidationResult.Success : new ValidationResult(range.FormatErrorMessage("value"));
    }

    private static DateTimeOffset? InstantOf(object? value) =>
        value switch
        {
            DateTimeOffset instant => instant,
            DateTime time => new DateTimeOffset(DateTime.SpecifyKind(time, DateTimeKind.Utc)),
            _ => null,
        };

    private static DateTimeOffset Instant(string text) =>
        DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
}
