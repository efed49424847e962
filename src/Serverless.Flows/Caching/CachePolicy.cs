namespace Serverless.Flows;

/// <summary>
/// What the cache key of a task run is made of: task runs with one key share one result. Policies do not change; <c>+</c> joins two, and
/// <c>-</c> leaves an argument out, as in <c>CachePolicy.Inputs + CachePolicy.RunId - "debug"</c>. Prefect's cache policies.
/// </summary>
public sealed class CachePolicy
{
    private readonly IReadOnlyList<Func<CacheKeyContext, string?>> _keys;

    private CachePolicy(
        CacheBy parts,
        IReadOnlyList<string> ignored,
        IReadOnlyList<Func<CacheKeyContext, string?>> keys,
        CacheIsolation? isolation = null
    )
    {
        Parts = parts;
        Ignored = ignored;
        _keys = keys;
        Isolation = isolation;
    }

    /// <summary>The arguments by name. Tasks with equal arguments share results, whatever they are: see <see cref="TaskSource"/>.</summary>
    public static CachePolicy Inputs { get; } = Of(CacheBy.Inputs);

    /// <summary>The task: the name of its class and method, and the code of the method.</summary>
    public static CachePolicy TaskSource { get; } = Of(CacheBy.TaskSource);

    /// <summary>The flow run.</summary>
    public static CachePolicy RunId { get; } = Of(CacheBy.RunId);

    /// <summary>The parameters of the flow run.</summary>
    public static CachePolicy FlowParameters { get; } = Of(CacheBy.FlowParameters);

    /// <summary>Nothing: the task is not cached.</summary>
    public static CachePolicy None { get; } = Of(CacheBy.None);

    /// <summary>Prefect's default: <see cref="Inputs"/>, <see cref="TaskSource"/> and <see cref="RunId"/>.</summary>
    public static CachePolicy Default { get; } = Of(CacheBy.Default);

    internal CacheBy Parts { get; }

    /// <summary>The arguments that are left out, as the author named them.</summary>
    internal IReadOnlyList<string> Ignored { get; }

    internal CacheIsolation? Isolation { get; }

    internal bool HasKeys => _keys.Count > 0;

    /// <summary>Whether there is no key at all.</summary>
    internal bool IsNone => Parts == CacheBy.None && !HasKeys;

    /// <summary>A key that the author's code makes.</summary>
    /// <param name="key">
    /// Makes the key; null for a run that is not cached. It must give the same text for the same context: given as an option of a call it
    /// is part of the flow's body.
    /// </param>
    /// <returns>The policy.</returns>
    public static CachePolicy Key(Func<CacheKeyContext, string?> key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return new CachePolicy(CacheBy.None, [], [key]);
    }

    /// <summary>The parts of both policies.</summary>
    /// <param name="left">One policy.</param>
    /// <param name="right">The other one. Its isolation wins, if it has one.</param>
    /// <returns>The policy.</returns>
    public static CachePolicy operator +(CachePolicy left, CachePolicy right)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);

        // An argument is left out if no policy takes it.
        var ignored =
            !left.Parts.HasFlag(CacheBy.Inputs) ? right.Ignored
            : !right.Parts.HasFlag(CacheBy.Inputs) ? left.Ignored
            : [.. left.Ignored.Intersect(right.Ignored, StringComparer.Ordinal)];
        return new CachePolicy(left.Parts | right.Parts, ignored, [.. left._keys, .. right._keys], right.Isolation ?? left.Isolation);
    }

    /// <summary>The policy without one of the arguments.</summary>
    /// <param name="policy">A policy with <see cref="Inputs"/>.</param>
    /// <param name="parameter">The parameter's name. That the task has it is checked where the policy is used.</param>
    /// <returns>The policy.</returns>
    /// <exception cref="ArgumentException">The policy does not use the arguments.</exception>
    public static CachePolicy operator -(CachePolicy policy, string parameter)
    {
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentException.ThrowIfNullOrWhiteSpace(parameter);
        return policy.Parts.HasFlag(CacheBy.Inputs)
            ? new CachePolicy(policy.Parts, [.. policy.Ignored.Append(parameter)], policy._keys, policy.Isolation)
            : throw new ArgumentException(
                $"A cache policy without the arguments cannot leave '{parameter}' out: expected a policy with CachePolicy.Inputs.",
                nameof(parameter)
            );
    }

    /// <summary>The sum of two policies: the operator <c>+</c>.</summary>
    /// <param name="left">One policy.</param>
    /// <param name="right">The other one.</param>
    /// <returns>The policy.</returns>
    public static CachePolicy Add(CachePolicy left, CachePolicy right) => left + right;

    /// <summary>The policy without one of the arguments: the operator <c>-</c>.</summary>
    /// <param name="policy">A policy with <see cref="Inputs"/>.</param>
    /// <param name="parameter">The parameter's name.</param>
    /// <returns>The policy.</returns>
    public static CachePolicy Subtract(CachePolicy policy, string parameter) => policy - parameter;

    /// <summary>The policy with an isolation level.</summary>
    /// <param name="isolation">What happens to task runs of one key that are there at the same time.</param>
    /// <returns>The policy.</returns>
    public CachePolicy WithIsolation(CacheIsolation isolation) =>
        Enum.IsDefined(isolation)
            ? new CachePolicy(Parts, Ignored, _keys, isolation)
            : throw new ArgumentOutOfRangeException(nameof(isolation), isolation, "There is no such isolation level.");

    internal static CachePolicy Of(CacheBy parts, IReadOnlyList<string>? ignored = null) => new(parts, ignored ?? [], []);

    /// <summary>The keys of the author's code as one text; null when one of them says that the run is not cached.</summary>
    internal string? CustomKey(CacheKeyContext context)
    {
        List<string> keys = [];
        foreach (var make in _keys)
        {
            if (make(context) is not { } key)
            {
                return null;
            }

            keys.Add(key);
        }

        return keys is [var single] ? single : System.Text.Json.JsonSerializer.Serialize(keys, FlowJson.Options);
    }
}
