namespace Serverless.Core.Filters;

/// <summary>Body of <c>POST /variables/count</c>.</summary>
public sealed record VariableCountQuery
{
    /// <summary>Only such variables.</summary>
    public VariableFilter? Variables { get; init; }
}
