namespace Serverless.Core.Schemas;

/// <summary>One way in which a value breaks its schema.</summary>
/// <param name="Path">Where, as a JSON path: <c>$</c> for the whole, <c>$.name</c>, <c>$.items[0]</c>.</param>
/// <param name="Message">What is wrong, in the words of Python's jsonschema.</param>
public sealed record SchemaError(string Path, string Message)
{
    /// <summary>The error in the words of Prefect's server.</summary>
    public override string ToString() =>
        Path == "$"
            ? $"Validation failed. Failure reason: {Message}"
            : $"Validation failed for field '{Path.Replace("$.", "", StringComparison.Ordinal)}'. Failure reason: {Message}";
}
