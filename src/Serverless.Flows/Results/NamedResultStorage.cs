namespace Serverless.Flows.Results;

/// <summary>A result storage as it was registered.</summary>
internal sealed record NamedResultStorage(string Name, IResultStorage Storage);
