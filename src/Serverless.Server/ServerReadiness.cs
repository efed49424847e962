namespace Serverless.Server;

/// <summary>Whether the host has started: <c>GET /api/ready</c> answers 503 until it says so.</summary>
public sealed class ServerReadiness
{
    private volatile bool _isReady;

    /// <summary>True once the host can execute runs.</summary>
    public bool IsReady
    {
        get => _isReady;
        set => _isReady = value;
    }
}
