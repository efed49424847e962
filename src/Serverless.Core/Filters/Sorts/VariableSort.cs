using System.Text.Json.Serialization;
using Serverless.Core.Json;

namespace Serverless.Core.Filters;

/// <summary>
/// In which order variables are listed; <see cref="NameAsc"/> when not given. Equals follow by id, newest first.
/// </summary>
[JsonConverter(typeof(WireEnumConverter<VariableSort>))]
public enum VariableSort
{
    /// <summary>By name.</summary>
    NameAsc,

    /// <summary>By name, backwards.</summary>
    NameDesc,

    /// <summary>By creation, latest first.</summary>
    CreatedDesc,

    /// <summary>By last change, latest first.</summary>
    UpdatedDesc,
}
