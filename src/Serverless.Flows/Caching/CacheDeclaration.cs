using System.Reflection;

namespace Serverless.Flows.Caching;

/// <summary>How a task declares that its results are cached.</summary>
/// <param name="Policy">What the key is made of; the arguments that are left out have their names in JSON.</param>
/// <param name="Expiration">For how long a result may be used; null for ever.</param>
/// <param name="Refresh">Whether the task runs whatever is stored.</param>
internal sealed record CacheDeclaration(CachePolicy Policy, TimeSpan? Expiration, bool Refresh)
{
    private const CacheBy AllParts = CacheBy.Inputs | CacheBy.TaskSource | CacheBy.RunId | CacheBy.FlowParameters;

    /// <summary>Reads an attribute.</summary>
    /// <param name="method">The task.</param>
    /// <param name="settings">The attribute.</param>
    /// <param name="declaration">What it says; null for a task that is not cached.</param>
    /// <returns>What is wrong with it; nothing if all is well.</returns>
    internal static List<string> Read(MethodInfo method, TaskAttribute settings, out CacheDeclaration? declaration)
    {
        List<string> problems = [];
        declaration = null;
        if ((settings.Cache & ~AllParts) != CacheBy.None)
        {
            problems.Add($"Cache is {(int)settings.Cache}; it must be a combination of {nameof(CacheBy)}'s values");
        }

        if (!Enum.IsDefined(settings.CacheIsolation))
        {
            problems.Add($"CacheIsolation is {(int)settings.CacheIsolation}; it must be ReadCommitted or Serializable");
        }

        if (settings.CacheExpirationSeconds is not (>= 0 and <= Durations.Longest))
        {
            problems.Add(
                $"CacheExpirationSeconds is {settings.CacheExpirationSeconds}; it must be 0 (no expiration) to {Durations.Longest}, "
                    + "a century"
            );
        }

        var key = KeyMethod(method, settings.CacheKey, problems);
        var policy = CachePolicy.Of(settings.Cache);
        if (settings.CacheIgnore.Length > 0)
        {
            policy = CachePolicy.Of(settings.Cache, IgnoredNames(method, settings.Cache, settings.CacheIgnore, "CacheIgnore", problems));
        }

        policy = (key is null ? policy : policy + CachePolicy.Key(key)).WithIsolation(CacheIsolationOf(settings));
        if (policy.IsNone && settings.CacheKey is null && UnusedOf(settings) is { } unused)
        {
            problems.Add($"{unused} is set, but the task is not cached: set Cache or CacheKey");
        }

        if (problems.Count == 0 && !policy.IsNone)
        {
            declaration = new CacheDeclaration(
                policy,
                settings.CacheExpirationSeconds > 0 ? TimeSpan.FromSeconds(settings.CacheExpirationSeconds) : null,
                settings.RefreshCache
            );
        }

        return problems;
    }

    /// <summary>The names in JSON of arguments that a key leaves out.</summary>
    /// <param name="method">The task.</param>
    /// <param name="parts">What the key is made of.</param>
    /// <param name="names">The parameters, by their names in C# or JSON.</param>
    /// <param name="member">Where they are listed, for <paramref name="problems"/>.</param>
    /// <param name="problems">Gets a line for each parameter that the task does not have.</param>
    internal static IReadOnlyList<string> IgnoredNames(
        MethodInfo method,
        CacheBy parts,
        IReadOnlyList<string> names,
        string member,
        List<string> problems
    )
    {
        if (names.Count > 0 && !parts.HasFlag(CacheBy.Inputs))
        {
            problems.Add($"{member} lists '{names[0]}', but the cache key is not made of the arguments: expected CacheBy.Inputs");
            return [];
        }

        var known = method.GetParameters().Select(parameter => parameter.Name ?? "").ToList();
        List<string> ignored = [];
        foreach (var name in names)
        {
            if (known.Find(parameter => parameter == name || FlowJson.WireName(parameter) == name) is { } parameter)
            {
                ignored.Add(FlowJson.WireName(parameter));
            }
            else
            {
                problems.Add($"{member} lists '{name}'; expected a parameter of the task (known: {string.Join(", ", known)})");
            }
        }

        return ignored;
    }

    private static CacheIsolation CacheIsolationOf(TaskAttribute settings) =>
        Enum.IsDefined(settings.CacheIsolation) ? settings.CacheIsolation : CacheIsolation.ReadCommitted;

    private static string? UnusedOf(TaskAttribute settings) =>
        settings.CacheExpirationSeconds > 0 ? nameof(TaskAttribute.CacheExpirationSeconds)
        : settings.RefreshCache ? nameof(TaskAttribute.RefreshCache)
        : settings.CacheIsolation != CacheIsolation.ReadCommitted ? nameof(TaskAttribute.CacheIsolation)
        : null;

    private static Func<CacheKeyContext, string?>? KeyMethod(MethodInfo method, string? name, List<string> problems)
    {
        if (name is null || method.DeclaringType is not { } type)
        {
            return null;
        }

        const BindingFlags Any = BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;
        var named = type.GetMethods(Any | BindingFlags.DeclaredOnly).Where(candidate => candidate.Name == name).ToList();
        if (named.Find(IsKey) is { } key)
        {
            return key.CreateDelegate<Func<CacheKeyContext, string?>>();
        }

        problems.Add(
            named.Count == 0
                ? $"CacheKey is '{name}', but {type.FullName} has no method of that name"
                : $"CacheKey is '{name}', which must be declared as: static string? {name}(CacheKeyContext context); it is: {named[0]}"
        );
        return null;
    }

    private static bool IsKey(MethodInfo method) =>
        method.IsStatic
        && !method.ContainsGenericParameters
        && method.ReturnType == typeof(string)
        && method.GetParameters() is [{ ParameterType: var context }]
        && context == typeof(CacheKeyContext);
}
