namespace Serverless.Server;

/// <summary>A request that is answered with a status and one sentence.</summary>
internal sealed class RequestRefusedException(int status, string detail) : Exception(detail)
{
    public int Status => status;
}
