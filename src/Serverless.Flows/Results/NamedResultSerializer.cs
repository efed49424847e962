namespace Serverless.Flows.Results;

/// <summary>A result serializer as it was registered.</summary>
internal sealed record NamedResultSerializer(string Name, IResultSerializer Serializer);
