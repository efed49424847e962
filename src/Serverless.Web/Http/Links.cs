using System.Globalization;
using Microsoft.AspNetCore.Http;
using Serverless.Web.Assets;

namespace Serverless.Web.Http;

/// <summary>
/// Makes the addresses of the page, the same on both hosts: below another root, and with the function key that the page was opened with.
/// </summary>
/// <param name="root">Where the page's addresses begin.</param>
/// <param name="key">The function key in the address; null when there is none.</param>
public sealed class Links(string root, string? key)
{
    /// <summary>The name of the function key in an address.</summary>
    public const string KeyName = "code";

    /// <summary>The function key in the address; null when there is none.</summary>
    public string? Key => key;

    /// <summary>Whether this host tells of changes while they happen.</summary>
    public bool HasChanges => !root.EndsWith(PagePaths.BelowApi, StringComparison.Ordinal);

    /// <summary>The address of a path, which begins with a slash.</summary>
    public string this[string path] => WithKey(root + path);

    /// <summary>The address of an operation of the REST API, by its path below <c>/api</c>.</summary>
    public string Api(string path) => WithKey((HasChanges ? $"{root}/api" : root[..^"/page".Length]) + path);

    /// <summary>The page of a flow run.</summary>
    public string FlowRun(Guid id) => this[$"/runs/flow-run/{id}"];

    /// <summary>The page of a task run.</summary>
    public string TaskRun(Guid id) => this[$"/runs/task-run/{id}"];

    /// <summary>The page of a flow.</summary>
    public string Flow(Guid id) => this[$"/flows/flow/{id}"];

    /// <summary>The page of a deployment.</summary>
    public string Deployment(Guid id) => this[$"/deployments/deployment/{id}"];

    /// <summary>The page of an artifact.</summary>
    public string Artifact(Guid id) => this[$"/artifacts/artifact/{id}"];

    /// <summary>The page of an asset; a key is a URI, so that it stands in the query.</summary>
    public string DataAsset(string key, int? offset = null) => this[Query("/assets/key", ("key", key), ("offset", offset))];

    /// <summary>The address of an action.</summary>
    public string Action(string path) => this[PagePaths.Actions + path];

    /// <summary>The address of a file that never changes under it.</summary>
    public string Asset(string name) => this[$"/assets/{AssetFiles.Get(name).Address}"];

    /// <summary>A path with a query of what is not null or empty.</summary>
    public static string Query(string path, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        List<string> parts = [];
        foreach (var (name, value) in values)
        {
            var text = Convert.ToString(value, CultureInfo.InvariantCulture);
            if (!string.IsNullOrEmpty(text))
            {
                parts.Add($"{name}={Uri.EscapeDataString(text)}");
            }
        }

        return parts.Count == 0 ? path : $"{path}{(path.Contains('?') ? '&' : '?')}{string.Join('&', parts)}";
    }

    private string WithKey(string address) =>
        key is null ? address : $"{address}{(address.Contains('?') ? '&' : '?')}{KeyName}={Uri.EscapeDataString(key)}";

    internal static Links Of(HttpRequest request) =>
        new(
            request.Path.StartsWithSegments(PagePaths.BelowApi, StringComparison.OrdinalIgnoreCase)
                ? request.PathBase + PagePaths.BelowApi
                : request.PathBase.Value ?? "",
            request.Query[KeyName] is [{ Length: > 0 } key, ..] ? key : null
        );
}
