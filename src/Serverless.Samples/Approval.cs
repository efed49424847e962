namespace Serverless.Samples;

/// <summary>A decision.</summary>
/// <param name="Approved">Whether it is a yes.</param>
/// <param name="Comment">Why.</param>
public sealed record Approval(bool Approved, string Comment = "");
