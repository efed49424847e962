namespace DurableTask.Core.Exceptions;

/// <summary>Base of the core's exceptions. (Microsoft.Azure.DurableTask.Core.)</summary>
public class OrchestrationException : Exception
{
    public OrchestrationException(string message)
        : base(message)
    {
    }
}
