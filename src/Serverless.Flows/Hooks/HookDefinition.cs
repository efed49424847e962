using System.Reflection;
using Serverless.Flows.Binding;

namespace Serverless.Flows;

/// <summary>A method that is called when something happens to a run.</summary>
public sealed class HookDefinition
{
    private readonly Callable _callable;

    internal HookDefinition(HookEvent hookEvent, string target, MethodInfo method)
    {
        Event = hookEvent;
        Name = method.Name;
        _callable = new Callable($"hook '{Name}' of {target}", method);
    }

    /// <summary>What it is called for.</summary>
    public HookEvent Event { get; }

    /// <summary>The method's name.</summary>
    public string Name { get; }

    /// <summary>Calls the hook.</summary>
    /// <param name="services">Builds the method's class if it is not static.</param>
    /// <param name="context">What the hook is told.</param>
    /// <returns>A task that ends as the hook does.</returns>
    public async Task InvokeAsync(IServiceProvider services, HookContext context)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(context);
        object?[] arguments =
        [
            .. _callable.Parameters.Select(parameter =>
                parameter.Kind == ParameterKind.CancellationToken ? (object)context.CancellationToken : context
            ),
        ];
        await _callable.InvokeAsync(services, arguments);
    }
}
