using System.Reflection;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace Serverless.Conformance.Tests.Fixtures;

/// <summary>
/// The function methods of this assembly, which our engine finds by itself, for DurableTask's registry: both engines run the
/// same methods under the same names.
/// </summary>
internal static class ScriptCatalog
{
    public static void Register(DurableTaskRegistry registry)
    {
        foreach (
            var method in typeof(ScriptCatalog)
                .Assembly.GetTypes()
                .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly))
        )
        {
            if (method.GetCustomAttribute<FunctionAttribute>() is not { Name: var name })
            {
                continue;
            }

            ScriptMethod script = new(method);
            if (method.GetParameters()[0].IsDefined(typeof(OrchestrationTriggerAttribute)))
            {
                registry.AddOrchestrator(name, () => new ScriptOrchestrator(script));
            }
            else
            {
                registry.AddActivity(name, new ScriptActivity(script));
            }
        }
    }
}
