using System.Reflection;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;
using Microsoft.Extensions.DependencyInjection;

namespace Serverless.LocalRuntime.Functions;

/// <summary>The functions of the app, found by their attributes. Names compare without case.</summary>
internal sealed class FunctionCatalog
{
    private readonly Dictionary<string, LocalFunction> _functions = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Finds the functions of the assemblies.</summary>
    /// <exception cref="InvalidOperationException">Two functions have one name, or a function has no trigger.</exception>
    public FunctionCatalog(IEnumerable<Assembly> assemblies, IServiceCollection services)
    {
        const BindingFlags Methods = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        foreach (var type in assemblies.Distinct().SelectMany(assembly => assembly.GetTypes()))
        {
            FunctionTarget? target = null;
            foreach (var method in type.GetMethods(Methods))
            {
                if (method.GetCustomAttribute<FunctionAttribute>() is { } attribute)
                {
                    Add(attribute.Name, method, target ??= new FunctionTarget(type, services));
                }
            }
        }
    }

    public IEnumerable<LocalFunction> OfKind(FunctionKind kind) => _functions.Values.Where(function => function.Kind == kind);

    public LocalFunction? Find(FunctionKind kind, string name) =>
        _functions.TryGetValue(name, out var function) && function.Kind == kind ? function : null;

    private void Add(string name, MethodInfo method, FunctionTarget target)
    {
        foreach (var parameter in method.GetParameters())
        {
            if (parameter.GetCustomAttribute<TriggerBindingAttribute>() is not { } trigger)
            {
                continue;
            }

            var kind = trigger switch
            {
                OrchestrationTriggerAttribute => FunctionKind.Orchestrator,
                ActivityTriggerAttribute => FunctionKind.Activity,
                TimerTriggerAttribute => FunctionKind.Timer,
                QueueTriggerAttribute => FunctionKind.Queue,
                HttpTriggerAttribute => FunctionKind.Http,
                _ => throw new InvalidOperationException(
                    $"Function '{name}' has a trigger of type {trigger.GetType()}, which the embedded runtime does not support."
                ),
            };
            if (!_functions.TryAdd(name, new LocalFunction(name, kind, method, parameter, trigger, target)))
            {
                throw new InvalidOperationException($"Two functions are named '{name}'.");
            }

            return;
        }

        throw new InvalidOperationException($"Function '{name}' ({method.DeclaringType}.{method.Name}) has no trigger parameter.");
    }
}
