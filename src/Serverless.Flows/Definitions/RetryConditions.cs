using System.Reflection;

namespace Serverless.Flows;

/// <summary>Reads which failures an attribute lets be retried.</summary>
internal static class RetryConditions
{
    /// <summary>The names of the types of exceptions that an attribute or the options of a call list.</summary>
    /// <param name="types">The types.</param>
    /// <param name="member">Where they are listed, for <paramref name="problems"/>.</param>
    /// <param name="problems">Gets a line for each type that is none of an exception.</param>
    internal static IReadOnlyList<string> NamesOf(IEnumerable<Type> types, string member, List<string> problems)
    {
        List<string> names = [];
        foreach (var type in types)
        {
            if (type is { ContainsGenericParameters: false } && typeof(Exception).IsAssignableFrom(type))
            {
                names.Add(Hosting.ErrorTypes.NameOf(type));
            }
            else
            {
                problems.Add($"{member} lists {type?.ToString() ?? "null"}, which is not a type of exception");
            }
        }

        return names;
    }

    /// <summary>The condition that an attribute names.</summary>
    /// <param name="method">The flow or task.</param>
    /// <param name="name">The condition's name; null for none.</param>
    /// <param name="problems">Gets a line when the class has no such condition.</param>
    internal static Func<Exception, int, bool>? Find(MethodInfo method, string? name, List<string> problems)
    {
        if (name is null || method.DeclaringType is not { } type)
        {
            return null;
        }

        const BindingFlags Any = BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;
        var named = type.GetMethods(Any | BindingFlags.DeclaredOnly).Where(candidate => candidate.Name == name).ToList();
        if (named.Find(IsCondition) is { } condition)
        {
            return condition.CreateDelegate<Func<Exception, int, bool>>();
        }

        problems.Add(
            named.Count == 0
                ? $"RetryCondition is '{name}', but {type.FullName} has no method of that name"
                : $"RetryCondition is '{name}', which must be declared as: static bool {name}(Exception error, int attempt); it "
                    + $"is: {named[0]}"
        );
        return null;
    }

    private static bool IsCondition(MethodInfo method) =>
        method.IsStatic
        && !method.ContainsGenericParameters
        && method.ReturnType == typeof(bool)
        && method.GetParameters() is [{ ParameterType: var error }, { ParameterType: var attempt }]
        && error == typeof(Exception)
        && attempt == typeof(int);
}
