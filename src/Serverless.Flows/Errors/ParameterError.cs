namespace Serverless.Flows;

/// <summary>What is wrong with one parameter.</summary>
/// <param name="Parameter">Its name on the wire, followed by the path inside the value where that helps:
/// <c>order.lines[2].price</c>.</param>
/// <param name="Expected">What it should be.</param>
/// <param name="Actual">What came: JSON, shortened, or <c>nothing</c>.</param>
public sealed record ParameterError(string Parameter, string Expected, string Actual)
{
    /// <summary>The error in words.</summary>
    public string Message => $"'{Parameter}': expected {Expected}, got {Actual}";
}
