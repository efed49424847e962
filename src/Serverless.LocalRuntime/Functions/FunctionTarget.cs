using Microsoft.Extensions.DependencyInjection;

namespace Serverless.LocalRuntime.Functions;

/// <summary>
/// Makes the object that a function method is called on: once when everything its constructor takes lives as long as
/// the process, otherwise for each invocation from its scope.
/// </summary>
internal sealed class FunctionTarget
{
    private readonly ObjectFactory? _factory;
    private readonly bool _shared;
    private readonly Lock _lock = new();
    private object? _instance;

    /// <summary>Decides how objects of the class are made.</summary>
    /// <param name="type">The class; an abstract (static) one needs no object.</param>
    /// <param name="services">The registrations of the app.</param>
    public FunctionTarget(Type type, IServiceCollection services)
    {
        if (type.IsAbstract)
        {
            return;
        }

        _factory = ActivatorUtilities.CreateFactory(type, []);
        _shared =
            type.GetConstructors()
                .All(constructor => constructor.GetParameters().All(parameter => IsSingleton(parameter.ParameterType, services)))
            && !typeof(IDisposable).IsAssignableFrom(type)
            && !typeof(IAsyncDisposable).IsAssignableFrom(type);
    }

    public object? Get(IServiceProvider root, LocalFunctionContext context)
    {
        if (_factory is null)
        {
            return null;
        }

        if (!_shared)
        {
            return _factory(context.InstanceServices, null);
        }

        if (Volatile.Read(ref _instance) is { } existing)
        {
            return existing;
        }

        lock (_lock)
        {
            return _instance ??= _factory(root, null);
        }
    }

    private static bool IsSingleton(Type type, IServiceCollection services)
    {
        if (type == typeof(IServiceProvider))
        {
            return false;
        }

        var open = type.IsGenericType ? type.GetGenericTypeDefinition() : null;
        var registered = services.LastOrDefault(descriptor => descriptor.ServiceType == type || descriptor.ServiceType == open);
        return registered?.Lifetime == ServiceLifetime.Singleton;
    }
}
