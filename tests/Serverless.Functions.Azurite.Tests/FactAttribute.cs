using Serverless.Testing;

namespace Serverless.Functions.Tests;

/// <summary>A test that is skipped, visibly, on a machine without Node. Nearer than xUnit's for the linked tests.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class FactAttribute : Xunit.FactAttribute
{
    public FactAttribute() => Skip = AzuriteProcess.SkipReason;
}
