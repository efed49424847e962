using System.Net;
using System.Reflection;
using Microsoft.AspNetCore.Http;
using Scalar.AspNetCore;

namespace Serverless.Api.OpenApi;

/// <summary>
/// The page that shows the document, with Scalar. Scalar's own page brings a script within the HTML, and cannot pass a function key on to
/// its files; so this is a page of ours, and of the package it takes Scalar itself, which is a resource in it. Nothing is asked of other
/// hosts.
/// </summary>
internal static class DocsPage
{
    /// <summary>The name of Scalar's file, below the page.</summary>
    public const string ScalarName = "scalar.js";

    /// <summary>The name of the file that starts it.</summary>
    public const string StartName = "start.js";

    // A function key comes as a query string, which the page's files and the document need, too.
    private const string Key = "code";

    /// <summary>Scalar.</summary>
    public static Script Scalar { get; } = new(typeof(ScalarOptions).Assembly, "ScalarStaticAssets.scalar.js", IsCompressed: true);

    /// <summary>What starts it.</summary>
    public static Script Start { get; } = new(typeof(DocsPage).Assembly, "docs.js", IsCompressed: false);

    /// <summary>The page.</summary>
    public static string Html(HttpRequest request)
    {
        var query = request.Query[Key] is [{ } key] ? $"?{Key}={Uri.EscapeDataString(key)}" : string.Empty;
        var path = WebUtility.HtmlEncode($"{request.PathBase}{request.Path.Value!.TrimEnd('/')}");
        var document = WebUtility.HtmlEncode($"{request.PathBase}/api/openapi.json{query}");
        return $"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>REST API</title>
            <link rel="icon" href="data:,">
            </head>
            <body>
            <div id="app"></div>
            <script src="{path}/{ScalarName}{query}"></script>
            <script src="{path}/{StartName}{query}" data-document="{document}"></script>
            </body>
            </html>
            """;
    }

    /// <summary>A script that is a resource of an assembly.</summary>
    /// <param name="Assembly">The assembly.</param>
    /// <param name="Resource">The resource.</param>
    /// <param name="IsCompressed">Whether it is stored with gzip.</param>
    internal sealed record Script(Assembly Assembly, string Resource, bool IsCompressed)
    {
        /// <summary>Changes with the script.</summary>
        public string Version => Assembly.ManifestModule.ModuleVersionId.ToString("N");

        /// <summary>Opens it as it is stored.</summary>
        public Stream Open() =>
            Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"{Assembly} has no resource '{Resource}'.");
    }
}
