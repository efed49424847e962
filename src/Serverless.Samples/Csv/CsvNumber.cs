using System.Globalization;
using System.Numerics;

namespace Serverless.Samples.Csv;

/// <summary>
/// What a decimal makes of a number's text: beyond 28 digits it rounds, and takes what is very small for zero, without a word.
/// </summary>
internal static class CsvNumber
{
    /// <summary>Longer exponents are of numbers that no decimal holds.</summary>
    private const int LargestExponent = 1000;

    private const int LongestText = 200;

    /// <summary>Whether a text that is no decimal is a number all the same.</summary>
    internal static bool IsNumber(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
        && !double.IsNaN(number)
        && text.AsSpan().IndexOfAnyExceptInRange('\0', '\x7F') < 0
        && text.Any(char.IsAsciiDigit);

    /// <summary>Whether a decimal is exactly the number that a text says.</summary>
    internal static bool IsExact(string text, decimal number)
    {
        if (text.Length > LongestText)
        {
            return false;
        }

        var (digits, exponent) = Split(text.AsSpan().Trim());
        if (digits.IsZero)
        {
            return true;
        }

        if (Math.Abs((long)exponent) > LargestExponent)
        {
            return false;
        }

        // Both as whole numbers of the smaller unit.
        var scale = Math.Max(number.Scale, -exponent);
        var read = new BigInteger(Unscaled(number)) * BigInteger.Pow(10, scale - number.Scale);
        return read == digits * BigInteger.Pow(10, scale + exponent);
    }

    private static decimal Unscaled(decimal number)
    {
        Span<int> parts = stackalloc int[4];
        decimal.GetBits(number, parts);
        return new decimal(parts[0], parts[1], parts[2], number < 0, 0);
    }

    /// <summary>A number's text as whole digits and a power of ten.</summary>
    private static (BigInteger Digits, int Exponent) Split(ReadOnlySpan<char> text)
    {
        var exponent = 0;
        if (text.IndexOfAny('e', 'E') is >= 0 and var mark)
        {
            exponent =
                int.TryParse(text[(mark + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var stated) ? stated
                : text[mark + 1] == '-' ? -int.MaxValue
                : int.MaxValue;
            text = text[..mark];
        }

        if (text.IndexOf('.') is >= 0 and var point)
        {
            var fraction = text[(point + 1)..].TrimEnd('0');
            exponent = (int)Math.Clamp((long)exponent - fraction.Length, -int.MaxValue, int.MaxValue);
            text = string.Concat(text[..point], fraction);
        }

        return (
            BigInteger.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var digits)
                ? digits
                : BigInteger.Zero,
            exponent
        );
    }
}
