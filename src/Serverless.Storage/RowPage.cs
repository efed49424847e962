namespace Serverless.Storage;

/// <summary>One page of a range scan.</summary>
/// <param name="Rows">The rows, in order; possibly empty while <paramref name="Continuation"/> is set.</param>
/// <param name="Continuation">Opaque token for the next page; null at the end. Stays valid while rows change.</param>
public sealed record RowPage(IReadOnlyList<Row> Rows, string? Continuation);
