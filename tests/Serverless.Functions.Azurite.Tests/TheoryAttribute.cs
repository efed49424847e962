using Serverless.Testing;

namespace Serverless.Functions.Tests;

/// <summary>
/// A test for several values that is skipped, visibly, on a machine without Node. Nearer than xUnit's for the linked tests.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class TheoryAttribute : Xunit.TheoryAttribute
{
    public TheoryAttribute() => Skip = AzuriteProcess.SkipReason;
}
