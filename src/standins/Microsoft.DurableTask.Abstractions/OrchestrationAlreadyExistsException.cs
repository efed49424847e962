namespace DurableTask.Core.Exceptions;

/// <summary>The instance id is taken by an orchestration that must not be replaced. (Microsoft.Azure.DurableTask.Core.)</summary>
public class OrchestrationAlreadyExistsException : InvalidOperationException
{
    public OrchestrationAlreadyExistsException(string message)
        : base(message)
    {
    }
}
