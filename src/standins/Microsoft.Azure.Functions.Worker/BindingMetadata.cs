namespace Microsoft.Azure.Functions.Worker;

/// <summary>What is known of a binding.</summary>
public abstract class BindingMetadata
{
    public abstract string Name { get; }

    public abstract string Type { get; }

    public abstract BindingDirection Direction { get; }
}
