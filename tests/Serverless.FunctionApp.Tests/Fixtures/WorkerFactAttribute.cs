using Serverless.Testing;

namespace Serverless.FunctionApp.Tests.Fixtures;

/// <summary>A test that needs the worker's storage, which Azurite stands for; skipped, visibly, on a machine without Node.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class WorkerFactAttribute : FactAttribute
{
    public WorkerFactAttribute() => Skip = AzuriteProcess.SkipReason;
}
