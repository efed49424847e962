namespace Serverless.Api.Security;

/// <summary>
/// Marks the endpoint of a websocket whose clients may show a secret in their first message instead of a header. Such an endpoint takes
/// its socket from <see cref="Sockets.PrefectSocket"/>, which asks for it.
/// </summary>
internal sealed class FirstMessageAuth
{
    public static FirstMessageAuth Instance { get; } = new();
}
