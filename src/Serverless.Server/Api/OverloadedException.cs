namespace Serverless.Server.Api;

/// <summary>A request that is refused for what others have asked for already: status 503, to be repeated a little later.</summary>
internal sealed class OverloadedException(string detail) : Exception(detail);
