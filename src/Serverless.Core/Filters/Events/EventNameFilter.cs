namespace Serverless.Core.Filters;

/// <summary>Criteria on the name of an event. An empty list says nothing. Case counts.</summary>
public sealed record EventNameFilter
{
    /// <summary>It begins with one of these.</summary>
    public IReadOnlyList<string>? Prefix { get; init; }

    /// <summary>It begins with none of these.</summary>
    public IReadOnlyList<string>? ExcludePrefix { get; init; }

    /// <summary>It is one of these.</summary>
    public IReadOnlyList<string>? Name { get; init; }

    /// <summary>It is none of these.</summary>
    public IReadOnlyList<string>? ExcludeName { get; init; }

    internal bool Matches(string name) =>
        (Prefix is not { Count: > 0 } || Begins(name, Prefix))
        && (ExcludePrefix is null || !Begins(name, ExcludePrefix))
        && (Name is not { Count: > 0 } || Name.Contains(name))
        && (ExcludeName is null || !ExcludeName.Contains(name));

    internal IEnumerable<string> Texts() => [.. Prefix ?? [], .. ExcludePrefix ?? [], .. Name ?? [], .. ExcludeName ?? []];

    /// <summary>Whether a text begins with one of these.</summary>
    internal static bool Begins(string text, IReadOnlyList<string> prefixes) =>
        prefixes.Any(prefix => text.StartsWith(prefix, StringComparison.Ordinal));
}
