using System.Reflection;
using Microsoft.DurableTask.Client;

namespace Serverless.LocalRuntime.Functions;

/// <summary>A function method, ready to be called.</summary>
internal sealed class LocalFunction(
    string name,
    FunctionKind kind,
    MethodInfo method,
    ParameterInfo trigger,
    Attribute triggerAttribute,
    FunctionTarget target
)
{
    private readonly LocalFunctionDefinition _definition = new(name, method);
    private readonly FunctionInvoker.Invoke _invoke = kind == FunctionKind.Http ? NotServed : FunctionInvoker.Compile(method, trigger);

    public string Name => name;

    public FunctionKind Kind => kind;

    /// <summary>The trigger parameter's attribute.</summary>
    public Attribute Trigger => triggerAttribute;

    /// <summary>Where it is declared.</summary>
    public Assembly Assembly { get; } = method.Module.Assembly;

    /// <summary>The type in which the trigger's value is handed over.</summary>
    public Type PayloadType => trigger.ParameterType;

    public async Task<object?> InvokeAsync(
        object? payload,
        IServiceProvider services,
        DurableTaskClient client,
        string invocationId,
        CancellationToken cancellationToken
    )
    {
        await using LocalFunctionContext context = new(_definition, services, client, invocationId, cancellationToken);
        return await _invoke(target.Get(services, context), payload, context);
    }

    private static Task<object?> NotServed(object? target, object? payload, LocalFunctionContext context) =>
        throw new NotSupportedException("HTTP functions are served by the web server, not by the runtime.");
}
