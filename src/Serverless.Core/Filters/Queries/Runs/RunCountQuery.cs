namespace Serverless.Core.Filters;

/// <summary>Body of <c>POST …/count</c>, and of other operations that take filters only.</summary>
public sealed record RunCountQuery : RunFilters;
