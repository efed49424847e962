namespace Serverless.Web.Tests.Browser;

/// <summary>The tests in a browser, one after the other: they share one host and one browser.</summary>
[CollectionDefinition(Name)]
public sealed class BrowserCollection : ICollectionFixture<BrowserFixture>
{
    /// <summary>Its name.</summary>
    public const string Name = "browser";
}
