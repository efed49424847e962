namespace Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

/// <summary>Base of all triggers.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public abstract class TriggerBindingAttribute : BindingAttribute
{
#pragma warning disable CA1012, MA0017 // As published.
    public TriggerBindingAttribute()
    {
    }
#pragma warning restore CA1012, MA0017
}
