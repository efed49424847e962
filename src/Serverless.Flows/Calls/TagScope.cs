namespace Serverless.Flows.Calls;

/// <summary>The tags that calls get where they are made. They follow the code of the body through its awaits, and no other code.</summary>
internal sealed class TagScope
{
    private readonly AsyncLocal<IReadOnlyList<string>?> _current = new();

    /// <summary>The tags here.</summary>
    internal IReadOnlyList<string> Current => _current.Value ?? [];

    /// <summary>Adds tags until the answer is disposed.</summary>
    internal IDisposable Enter(IReadOnlyList<string> tags)
    {
        ArgumentNullException.ThrowIfNull(tags);
        var before = _current.Value;
        _current.Value = Union(before ?? [], tags);
        return new End(this, before);
    }

    /// <summary>All tags of two lists, each once.</summary>
    /// <exception cref="ArgumentException">A tag is null or empty.</exception>
    internal static IReadOnlyList<string> Union(IReadOnlyList<string> some, IReadOnlyList<string> others)
    {
        if (others.Any(string.IsNullOrEmpty))
        {
            throw new ArgumentException("A tag is null or empty: expected a text.", nameof(others));
        }

        return others.Count == 0 ? some : [.. some.Union(others, StringComparer.Ordinal)];
    }

    private sealed class End(TagScope scope, IReadOnlyList<string>? before) : IDisposable
    {
        public void Dispose() => scope._current.Value = before;
    }
}
