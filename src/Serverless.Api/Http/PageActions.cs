using Microsoft.AspNetCore.Http;

namespace Serverless.Api.Http;

/// <summary>
/// What the page's forms are sent to. They are forms, not JSON, and each carries a token of its own, which the page checks whether or not
/// the API asks for tokens.
/// </summary>
internal static class PageActions
{
    /// <summary>The actions on the embedded host.</summary>
    public const string AtRoot = "/act";

    /// <summary>The actions on the Functions host.</summary>
    public const string BelowApi = "/api/page/act";

    // As routes are found.
    private const StringComparison Ignored = StringComparison.OrdinalIgnoreCase;

    /// <summary>Whether a path is that of an action.</summary>
    public static bool Contains(PathString path) => path.StartsWithSegments(AtRoot, Ignored) || path.StartsWithSegments(BelowApi, Ignored);
}
