using System.Globalization;
using System.Numerics;
using System.Text.Json;

namespace Serverless.Core.Schemas;

/// <summary>
/// A JSON number exactly as it is written: <paramref name="Digits"/> times ten to the power of <paramref name="Exponent"/>.
/// </summary>
internal readonly record struct ExactNumber(BigInteger Digits, int Exponent)
{
    // Further than a double reaches. Values come from callers: 1e999999999 written out would fill the memory.
    private const int Furthest = 400;

    /// <summary>True when the number has no fraction.</summary>
    public bool IsWhole => Exponent >= 0 || (Digits % BigInteger.Pow(10, -Exponent)).IsZero;

    /// <summary>Reads a JSON number; null when it is longer, larger or smaller than anybody counts.</summary>
    public static ExactNumber? Of(JsonElement number)
    {
        var text = number.GetRawText();
        var mark = text.AsSpan().IndexOfAny('e', 'E');
        var mantissa = mark < 0 ? text : text[..mark];
        var exponent = 0;
        if (mark >= 0 && !int.TryParse(text.AsSpan(mark + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out exponent))
        {
            return null;
        }

        var point = mantissa.IndexOf('.', StringComparison.Ordinal);
        var decimals = point < 0 ? 0 : mantissa.Length - point - 1;
        if (mantissa.Length > Furthest || exponent is < -Furthest or > Furthest)
        {
            return null;
        }

        var digits = point < 0 ? mantissa : mantissa.Remove(point, 1);
        return new ExactNumber(BigInteger.Parse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture), exponent - decimals);
    }

    /// <summary>
    /// Less than zero, zero or more than zero, as <paramref name="a"/> is less than, equal to or greater than <paramref name="b"/>.
    /// </summary>
    public static int Compare(ExactNumber a, ExactNumber b)
    {
        var common = Math.Min(a.Exponent, b.Exponent);
        return a.ScaledTo(common).CompareTo(b.ScaledTo(common));
    }

    /// <summary>True when this number is a whole number of times <paramref name="factor"/>. Nothing is a multiple of 0.</summary>
    public bool IsMultipleOf(ExactNumber factor)
    {
        var common = Math.Min(Exponent, factor.Exponent);
        return !factor.Digits.IsZero && (ScaledTo(common) % factor.ScaledTo(common)).IsZero;
    }

    private BigInteger ScaledTo(int exponent) => Digits * BigInteger.Pow(10, Exponent - exponent);
}
