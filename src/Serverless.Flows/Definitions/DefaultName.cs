using System.Reflection;
using System.Text.Json;

namespace Serverless.Flows;

/// <summary>The name of a flow or task that declares none.</summary>
internal static class DefaultName
{
    private const string AsyncSuffix = "Async";

    /// <summary>The method's name in kebab-case, without the suffix <c>Async</c>.</summary>
    internal static string Of(MethodInfo method)
    {
        var name = method.Name;
        if (name.Length > AsyncSuffix.Length && name.EndsWith(AsyncSuffix, StringComparison.Ordinal))
        {
            name = name[..^AsyncSuffix.Length];
        }

        return JsonNamingPolicy.KebabCaseLower.ConvertName(name);
    }
}
