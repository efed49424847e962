namespace Serverless.Flows.Testing;

/// <summary>Orders <c>look-2</c> before <c>look-10</c>.</summary>
internal sealed class NumberedNames : IComparer<string>
{
    public static NumberedNames Instance { get; } = new();

    public int Compare(string? x, string? y)
    {
        (var first, var second) = (Split(x!), Split(y!));
        var byText = string.CompareOrdinal(first.Text, second.Text);
        return byText != 0 ? byText : first.Number.CompareTo(second.Number);
    }

    private static (string Text, long Number) Split(string name)
    {
        var dash = name.LastIndexOf('-');
        return dash >= 0 && long.TryParse(name.AsSpan(dash + 1), out var number) ? (name[..dash], number) : (name, -1);
    }
}
