namespace Serverless.Web.Http;

/// <summary>The pages that one can go to from each page.</summary>
internal static class PagePlaces
{
    /// <summary>Their paths and names, in the order of the navigation.</summary>
    public static IReadOnlyList<(string Path, string Name)> All { get; } =
    [
        ("/dashboard", "Dashboard"),
        ("/runs", "Runs"),
        ("/flows", "Flows"),
        ("/deployments", "Deployments"),
        ("/artifacts", "Artifacts"),
        ("/assets", "Assets"),
        ("/variables", "Variables"),
        ("/concurrency-limits", "Concurrency limits"),
        ("/settings", "Settings"),
    ];
}
