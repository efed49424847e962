using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Flows.Hosting;

namespace Serverless.Flows.Binding;

/// <summary>A method that can be run from JSON. The parts that cost time are made at the first run.</summary>
internal sealed class Callable
{
    private readonly MethodInfo _method;
    private readonly Lazy<Func<object?, object?[], object?>> _invoke;
    private readonly Lazy<ResultAdapter> _result;
    private readonly Lazy<ObjectFactory> _factory;

    internal Callable(string target, MethodInfo method)
    {
        _method = method;
        Parameters = [.. method.GetParameters().Select(parameter => new CallableParameter(parameter))];
        Binder = new ParameterBinder(target, Parameters);
        _invoke = new(() => MethodInvoker.Compile(method));
        _result = new(() => ResultAdapter.For(method, target));
        _factory = new(() => ActivatorUtilities.CreateFactory(method.DeclaringType!, Type.EmptyTypes));
    }

    internal IReadOnlyList<CallableParameter> Parameters { get; }

    internal ParameterBinder Binder { get; }

    /// <summary>Runs the method; instance methods on a new object, built in a scope of its own.</summary>
    /// <param name="services">Builds the object.</param>
    /// <param name="arguments">The arguments.</param>
    /// <param name="keep">Takes the value to a result storage; null for a value that is a result as usual.</param>
    internal async Task<Returned> InvokeAsync(
        IServiceProvider services,
        object?[] arguments,
        Func<object?, Type, Task<StoredResult>>? keep = null
    )
    {
        if (_method.IsStatic)
        {
            return await _result.Value.ReadAsync(_invoke.Value(null, arguments), keep);
        }

        await using var scope = services.CreateAsyncScope();
        var target = _factory.Value(scope.ServiceProvider, null);
        try
        {
            return await _result.Value.ReadAsync(_invoke.Value(target, arguments), keep);
        }
        finally
        {
            await DisposeAsync(target);
        }
    }

    private static async ValueTask DisposeAsync(object target)
    {
        switch (target)
        {
            case IAsyncDisposable disposable:
                await disposable.DisposeAsync();
                break;
            case IDisposable disposable:
                disposable.Dispose();
                break;
        }
    }
}
