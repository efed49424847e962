namespace Serverless.Storage;

/// <summary>
/// Lets a caller continue before its commit is on the disk. Within a scope of this class <see cref="IRowStore.CommitAsync"/> answers when
/// the commit is applied: every read sees it, and it becomes durable before any later commit. The code that opens a scope calls
/// <see cref="IRowStore.WhenDurableAsync"/> before anything that depends on its reads or writes leaves the process, such as an answer to a
/// request or a call of an author's code. So a chain of commits that nobody outside has seen waits for the disk once
/// (as Netherite's speculation does, https://arxiv.org/abs/2103.00033).
/// </summary>
public static class DeferredCommits
{
    private static readonly AsyncLocal<bool> Deferred = new();

    /// <summary>Whether the calling code is in a scope.</summary>
    public static bool AreOn => Deferred.Value;

    /// <summary>
    /// Opens a scope for the calling method and all that it calls and awaits. It ends with the method, if that is asynchronous, or by
    /// <see cref="Scope.Dispose"/>.
    /// </summary>
    public static Scope Begin() => Set(on: true);

    /// <summary>Leaves the scope for a while: for code that knows nothing of it.</summary>
    public static Scope Suspend() => Set(on: false);

    private static Scope Set(bool on)
    {
        var before = Deferred.Value;
        Deferred.Value = on;
        return new Scope(before);
    }

    /// <summary>Ends a scope.</summary>
    public readonly struct Scope : IDisposable, IEquatable<Scope>
    {
        private readonly bool _before;

        internal Scope(bool before) => _before = before;

        /// <summary>Restores what was before the scope.</summary>
        public void Dispose() => Deferred.Value = _before;

        /// <inheritdoc/>
        public bool Equals(Scope other) => _before == other._before;

        /// <inheritdoc/>
        public override bool Equals(object? obj) => obj is Scope other && Equals(other);

        /// <inheritdoc/>
        public override int GetHashCode() => _before.GetHashCode();

        /// <summary>Whether two scopes restore the same.</summary>
        public static bool operator ==(Scope left, Scope right) => left.Equals(right);

        /// <summary>Whether two scopes restore something else.</summary>
        public static bool operator !=(Scope left, Scope right) => !left.Equals(right);
    }
}
