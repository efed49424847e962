namespace Serverless.Server.Services;

/// <summary>What one run of a service did.</summary>
/// <param name="Count">How many things it did; 0 when there was nothing to do.</param>
/// <param name="Text">The same for people, such as <c>released 3 slots</c>.</param>
public readonly record struct ServiceOutcome(int Count, string Text)
{
    /// <summary>There was nothing to do.</summary>
    public static ServiceOutcome Nothing => new(0, "nothing to do");

    /// <summary>So and so many things were done.</summary>
    /// <param name="count">How many.</param>
    /// <param name="done">What was done, such as <c>released</c>.</param>
    /// <param name="things">What it was done to, in the plural.</param>
    public static ServiceOutcome Of(int count, string done, string things) =>
        count == 0 ? Nothing : new(count, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{done} {count} {things}"));
}
