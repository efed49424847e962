namespace Serverless.Core.Models;

/// <summary>A reference to another node of a graph.</summary>
/// <param name="Id">The node.</param>
public sealed record GraphEdge(Guid Id);
