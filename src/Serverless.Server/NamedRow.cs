namespace Serverless.Server;

/// <summary>Something that has a unique name, as it is stored.</summary>
/// <param name="Value">What it is.</param>
/// <param name="ETag">The version of the row of its name.</param>
internal sealed record NamedRow<T>(T Value, string ETag);
