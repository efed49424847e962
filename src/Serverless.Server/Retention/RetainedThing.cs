namespace Serverless.Server.Retention;

/// <summary>Something that was looked at: whether it is to go, and how.</summary>
/// <param name="Place">Where it stands: a later look continues from there.</param>
/// <param name="Delete">Deletes it, unless it has changed since it was read; says whether it did. Null for what stays.</param>
internal readonly record struct RetainedThing(string Place, Func<CancellationToken, Task<bool>>? Delete);
