namespace Serverless.Server.Retention;

/// <summary>What would go now of one kind, as <c>GET /api/admin/retention</c> shows it.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="KeepDays">For how many days it stays; null for ever, or as long as the run that it belongs to.</param>
/// <param name="Before">What is older goes; null when nothing goes by age.</param>
/// <param name="Count">How many would go.</param>
/// <param name="IsComplete">False when the look ended before all of them were counted.</param>
public sealed record RetentionReport(string Kind, int? KeepDays, DateTimeOffset? Before, int Count, bool IsComplete);
