namespace Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

/// <summary>Base of all inputs that are no triggers.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public abstract class InputBindingAttribute : BindingAttribute
{
#pragma warning disable CA1012, MA0017 // As published.
    public InputBindingAttribute()
    {
    }
#pragma warning restore CA1012, MA0017
}
