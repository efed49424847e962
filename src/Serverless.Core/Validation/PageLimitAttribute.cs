using System.ComponentModel.DataAnnotations;
using System.Globalization;

namespace Serverless.Core.Validation;

/// <summary>How many items of a list a request may ask for. Prefect's server answers a limit beyond it with a sentence.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class PageLimitAttribute() : RangeAttribute(0, Most)
{
    /// <summary>The most that a request may ask for, and what one gets that does not say (Prefect's default setting).</summary>
    public const int Most = 200;

    /// <summary>The sentence.</summary>
    /// <param name="isBelow">Whether the limit is below the range; otherwise it is above.</param>
    public static string Sentence(bool isBelow) =>
        isBelow
            ? "Invalid limit: must be greater than or equal to 0."
            : string.Create(CultureInfo.InvariantCulture, $"Invalid limit: must be less than or equal to {Most}.");
}
