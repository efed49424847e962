using Serverless.Testing;

namespace Serverless.Standins.Tests;

/// <summary>A test on Azurite with data: skipped, visibly, where it cannot run.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class AzuriteTheoryAttribute : TheoryAttribute
{
    public AzuriteTheoryAttribute() => Skip = AzuriteProcess.SkipReason;
}
