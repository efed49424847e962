namespace Serverless.Conformance.Tests.Fixtures;

/// <summary>The tests on our engine: one after the other, beside those on DurableTask's.</summary>
[CollectionDefinition(Name)]
public sealed class LocalEngineCollection : ICollectionFixture<LocalEngine>
{
    public const string Name = "our engine";
}
