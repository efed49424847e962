namespace Serverless.Web.Shared;

/// <summary>Why there is no page.</summary>
/// <param name="Status">The status of the answer.</param>
/// <param name="Message">In words.</param>
public sealed record ErrorModel(int Status, string Message);
