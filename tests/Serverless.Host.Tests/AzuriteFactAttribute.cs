using Serverless.Testing;
using Xunit;

namespace Serverless.Host.Tests;

/// <summary>A test on Azurite; skipped, and seen to be, where there is no Node.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class AzuriteFactAttribute : FactAttribute
{
    public AzuriteFactAttribute() => Skip = AzuriteProcess.SkipReason;
}
