namespace Serverless.Web.Dashboard;

/// <summary>How the runs of a flow went.</summary>
/// <param name="FlowId">The flow.</param>
/// <param name="Name">Its name; null when it is gone.</param>
/// <param name="Ended">How many of its runs ended.</param>
/// <param name="Failed">How many of those failed or crashed.</param>
/// <param name="Median">How long half of them executed at most, in seconds.</param>
/// <param name="P95">How long 95 of 100 executed at most, in seconds.</param>
public sealed record FlowFigures(Guid FlowId, string? Name, int Ended, int Failed, double Median, double P95);
