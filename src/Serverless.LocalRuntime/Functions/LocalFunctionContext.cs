using System.Collections.Immutable;
using System.Diagnostics;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;

namespace Serverless.LocalRuntime.Functions;

/// <summary>One invocation of a function. The service scope is made when it is first asked for.</summary>
internal sealed class LocalFunctionContext(
    FunctionDefinition definition,
    IServiceProvider services,
    DurableTaskClient client,
    string invocationId,
    CancellationToken cancellationToken
) : FunctionContext, IAsyncDisposable
{
    private AsyncServiceScope? _scope;
    private IServiceProvider? _instanceServices;
    private Dictionary<object, object>? _items;
    private LocalInvocationFeatures? _features;

    public override string InvocationId => invocationId;

    public override string FunctionId => definition.Id;

    public override FunctionDefinition FunctionDefinition => definition;

    public override CancellationToken CancellationToken => cancellationToken;

    public DurableTaskClient Client => client;

    public override TraceContext TraceContext { get; } = new CurrentTraceContext();

    public override BindingContext BindingContext { get; } = new EmptyBindingContext();

    public override RetryContext RetryContext { get; } = new NoRetryContext();

    public override IInvocationFeatures Features => _features ??= new LocalInvocationFeatures();

    public override IServiceProvider InstanceServices
    {
        get
        {
            if (_instanceServices is null)
            {
                _scope = services.CreateAsyncScope();
                _instanceServices = _scope.Value.ServiceProvider;
            }

            return _instanceServices;
        }
        set => _instanceServices = value;
    }

    public override IDictionary<object, object> Items
    {
        get => _items ??= [];
        set => _items = new Dictionary<object, object>(value);
    }

    public ValueTask DisposeAsync() => _scope?.DisposeAsync() ?? ValueTask.CompletedTask;

    private sealed class CurrentTraceContext : TraceContext
    {
        public override string TraceParent => Activity.Current?.Id ?? string.Empty;

        public override string TraceState => Activity.Current?.TraceStateString ?? string.Empty;
    }

    private sealed class EmptyBindingContext : BindingContext
    {
        public override IReadOnlyDictionary<string, object?> BindingData => ImmutableDictionary<string, object?>.Empty;
    }

    private sealed class NoRetryContext : RetryContext
    {
        public override int RetryCount => 0;

        public override int MaxRetryCount => 0;
    }
}
