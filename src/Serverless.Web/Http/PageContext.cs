namespace Serverless.Web.Http;

/// <summary>What every component may need to know of the request.</summary>
/// <param name="Links">Makes addresses.</param>
/// <param name="Token">What a form shows so that it is known to be the page's own.</param>
/// <param name="Now">The time of the answer.</param>
/// <param name="Path">The path below the page's root, to mark where one is.</param>
/// <param name="Origin">Where the host is, as the browser reached it: scheme and name.</param>
public sealed record PageContext(Links Links, string Token, DateTimeOffset Now, string Path, string Origin = "")
{
    /// <summary>A line to paste that posts JSON to an operation of the REST API.</summary>
    /// <param name="path">The operation's path below <c>/api</c>.</param>
    /// <param name="body">The JSON.</param>
    public string Curl(string path, string body) =>
        $"curl -X POST '{Origin}{Links.Api(path)}' -H 'content-type: application/json' -d '{body}'";
}
