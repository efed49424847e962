using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;
using Serverless.Core.Validation;

namespace Serverless.Core.Models;

/// <summary>Body of <c>PATCH /variables/{id}</c>. A member that it does not have leaves the variable as it is.</summary>
public sealed record VariableUpdate
{
    /// <summary>The unique name: lower-case letters, digits, dashes and underscores.</summary>
    [VariableName]
    [AnyLength]
    public string? Name
    {
        get;
        set
        {
            field = value;
            SetsToNull |= value is null;
        }
    }

    /// <summary>The value: any JSON, null included.</summary>
    public JsonElement? Value
    {
        get;
        set
        {
            field = value;
            HasValue = true;
        }
    }

    /// <summary>The tags.</summary>
    [MaxLength(WireLimits.Tags)]
    public IReadOnlyList<string>? Tags
    {
        get;
        set
        {
            field = value;
            SetsToNull |= value is null;
        }
    }

    /// <summary>Whether the body has a value, which may be null.</summary>
    [JsonIgnore]
    public bool HasValue { get; private set; }

    /// <summary>Whether the body has null for the name or the tags, which a variable always has.</summary>
    [JsonIgnore]
    public bool SetsToNull { get; private set; }

    /// <summary>A variable with the changes.</summary>
    /// <param name="variable">The variable before.</param>
    public Variable ApplyTo(Variable variable)
    {
        ArgumentNullException.ThrowIfNull(variable);
        return variable with { Name = Name ?? variable.Name, Value = HasValue ? Value : variable.Value, Tags = Tags ?? variable.Tags };
    }
}
