using Serverless.Testing;

namespace Serverless.Storage.Tests.Contract;

/// <summary>A test of a store on Azurite; skipped, visibly, on a machine without Node.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class StoreFactAttribute : FactAttribute
{
    public StoreFactAttribute() => Skip = AzuriteProcess.SkipReason;
}
