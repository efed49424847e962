namespace Serverless.Flows;

/// <summary>
/// Declares an asset that a task makes: something outside, as a file or a table, that a URI names. A task may have several. When a run of
/// the task ends as Completed or Failed, the server records a materialization of each (Prefect's <c>@materialize</c>). A run that ends as
/// Cached made nothing.
/// </summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class MaterializeAttribute : Attribute
{
    /// <summary>Declares an asset.</summary>
    /// <param name="key">
    /// The URI that names it, as in <c>s3://bucket/folder/data.csv</c>; at most 512 characters. <c>{parameter}</c> is an argument, written
    /// as in <see cref="TaskAttribute.RunName"/>.
    /// </param>
    public MaterializeAttribute(string key) => Key = key;

    /// <summary>The asset's key.</summary>
    public string Key { get; }

    /// <summary>
    /// A name to read; null (the default) for none. Properties that are given replace all that the server has of the asset.
    /// </summary>
    public string? Name { get; set; }

    /// <summary>Where it can be looked at; null (the default) for none.</summary>
    public string? Url { get; set; }

    /// <summary>What it is, in Markdown; at most 2,500 characters; null (the default) for none.</summary>
    public string? Description { get; set; }

    /// <summary>Who is responsible for it; empty (the default) for nobody.</summary>
    public string[] Owners { get; set; } = [];

    /// <summary>The tool that makes it, as in <c>dbt</c> or <c>spark</c>; null (the default) for none.</summary>
    public string? By { get; set; }
}
