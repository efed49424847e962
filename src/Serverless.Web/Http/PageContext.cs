namespace Serverless.Web.Http;

/// <summary>What every component may need to know of the request.</summary>
/// <param name="Links">Makes addresses.</param>
/// <param name="Token">What a form shows so that it is known to be the page's own.</param>
/// <param name="Now">The time of the answer.</param>
/// <param name="Path">The path below the page's root, to mark where one is.</param>
public sealed record PageContext(Links Links, string Token, DateTimeOffset Now, string Path);
