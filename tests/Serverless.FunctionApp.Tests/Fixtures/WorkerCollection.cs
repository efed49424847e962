namespace Serverless.FunctionApp.Tests.Fixtures;

/// <summary>The tests that share the worker of <see cref="WorkerFixture"/>; they run one after another.</summary>
[CollectionDefinition(Name)]
public sealed class WorkerCollection : ICollectionFixture<WorkerFixture>
{
    public const string Name = "worker";
}
