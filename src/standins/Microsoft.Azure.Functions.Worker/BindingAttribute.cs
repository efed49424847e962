namespace Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

/// <summary>Base of all bindings.</summary>
[AttributeUsage(AttributeTargets.Method)]
public abstract class BindingAttribute : Attribute
{
#pragma warning disable CA1012, MA0017 // As published.
    public BindingAttribute()
    {
    }
#pragma warning restore CA1012, MA0017
}
