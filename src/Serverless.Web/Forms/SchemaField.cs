using System.Text.Json;

namespace Serverless.Web.Forms;

/// <summary>A field of a form that is made from a JSON schema.</summary>
/// <param name="Path">Where its value goes, as a JSON path from <c>$</c>; also the name of its input.</param>
/// <param name="Name">The member's name.</param>
/// <param name="Label">What it is called.</param>
/// <param name="Kind">How it is entered.</param>
public sealed record SchemaField(string Path, string Name, string Label, FieldKind Kind)
{
    /// <summary>What it is for.</summary>
    public string? Description { get; init; }

    /// <summary>Whether it must be given.</summary>
    public bool IsRequired { get; init; }

    /// <summary>Whether it may be null.</summary>
    public bool IsNullable { get; init; }

    /// <summary>What it is when nothing is entered.</summary>
    public JsonElement? Default { get; init; }

    /// <summary>The values to choose from.</summary>
    public IReadOnlyList<JsonElement> Options { get; init; } = [];

    /// <summary>The fields of a group.</summary>
    public IReadOnlyList<SchemaField> Fields { get; init; } = [];
}
