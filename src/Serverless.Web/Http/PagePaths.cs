namespace Serverless.Web.Http;

/// <summary>Where the page's addresses begin.</summary>
internal static class PagePaths
{
    /// <summary>On the embedded host.</summary>
    public const string Root = "";

    /// <summary>The Functions host brings the app only what is below <c>/api</c>.</summary>
    public const string BelowApi = "/api/page";

    /// <summary>What changes something, below either.</summary>
    public const string Actions = "/act";
}
