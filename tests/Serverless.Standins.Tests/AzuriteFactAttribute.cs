using Serverless.Testing;

namespace Serverless.Standins.Tests;

/// <summary>A test on Azurite: skipped, visibly, where it cannot run.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class AzuriteFactAttribute : FactAttribute
{
    public AzuriteFactAttribute() => Skip = AzuriteProcess.SkipReason;
}
