namespace Serverless.Api.Security;

/// <summary>The feature of a request that has shown what it must, or need not show anything.</summary>
internal sealed class ShownCredentials
{
    public static ShownCredentials Instance { get; } = new();
}
