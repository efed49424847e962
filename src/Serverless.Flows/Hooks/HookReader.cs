using System.Reflection;
using System.Runtime.CompilerServices;

namespace Serverless.Flows;

/// <summary>Finds the hooks that an attribute names.</summary>
internal static class HookReader
{
    private const BindingFlags Any =
        BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    /// <summary>The hooks, in the order in which they are declared for each event.</summary>
    /// <param name="method">The flow or task.</param>
    /// <param name="target">It in words.</param>
    /// <param name="names">What the attribute lists for each event.</param>
    /// <param name="problems">Gets a line for each name that is no hook.</param>
    internal static IReadOnlyList<HookDefinition> Read(MethodInfo method, string target, HookNames names, List<string> problems)
    {
        List<HookDefinition> hooks = [];
        foreach (var (hookEvent, listed) in names.All)
        {
            HashSet<string?> known = new(StringComparer.Ordinal);
            foreach (var name in listed)
            {
                if (!known.Add(name))
                {
                    problems.Add($"On{hookEvent} names '{name}' twice");
                }
                else if (Find(method, $"On{hookEvent}", name, problems) is { } hook)
                {
                    hooks.Add(new HookDefinition(hookEvent, target, hook));
                }
            }
        }

        return hooks;
    }

    private static MethodInfo? Find(MethodInfo method, string member, string? name, List<string> problems)
    {
        if (method.DeclaringType is not { } type)
        {
            return null;
        }

        var named = type.GetMethods(Any).Where(candidate => candidate.Name == name).ToList();
        var hooks = named.FindAll(candidate => IsHook(candidate, type));
        if (hooks is [var hook])
        {
            return hook;
        }

        problems.Add(
            named.Count == 0 ? $"{member} names '{name}', but {type.FullName} has no method of that name"
            : hooks.Count > 1 ? $"{member} names '{name}', but {type.FullName} has {hooks.Count} hooks of that name"
            : $"{member} names '{name}', which must be declared as: Task {name}(HookContext hook), or void; static or of a class that can "
                + $"be created, and with a CancellationToken if it wants one; it is: {named[0]}"
        );
        return null;
    }

    private static bool IsHook(MethodInfo method, Type type)
    {
        var parameters = method.GetParameters().Select(parameter => parameter.ParameterType).ToList();
        return !method.ContainsGenericParameters
            && !method.IsAbstract
            && (method.IsStatic || !(type.IsAbstract || type.IsValueType))
            && (
                method.ReturnType == typeof(Task)
                || (method.ReturnType == typeof(void) && !method.IsDefined(typeof(AsyncStateMachineAttribute), inherit: false))
            )
            && parameters.Count(parameter => parameter == typeof(HookContext)) == 1
            && parameters.Count(parameter => parameter == typeof(CancellationToken)) == parameters.Count - 1
            && parameters.Count <= 2;
    }
}
