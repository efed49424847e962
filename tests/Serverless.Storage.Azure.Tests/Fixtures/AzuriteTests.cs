namespace Serverless.Storage.Azure.Tests.Fixtures;

/// <summary>The tests that share an Azurite, one after the other: it takes memory and answers slowly when crowded.</summary>
[CollectionDefinition(nameof(AzuriteTests))]
public sealed class AzuriteTests : ICollectionFixture<AzuriteFixture>;
