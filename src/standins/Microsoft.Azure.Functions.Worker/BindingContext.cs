namespace Microsoft.Azure.Functions.Worker;

/// <summary>What the bindings of an invocation know.</summary>
public abstract class BindingContext
{
    public abstract IReadOnlyDictionary<string, object?> BindingData { get; }
}
