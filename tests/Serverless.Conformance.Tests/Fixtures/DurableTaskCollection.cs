namespace Serverless.Conformance.Tests.Fixtures;

/// <summary>The tests on DurableTask's engine: one after the other, on one host.</summary>
[CollectionDefinition(Name)]
public sealed class DurableTaskCollection : ICollectionFixture<DurableTaskEngine>
{
    public const string Name = "DurableTask's engine";
}
