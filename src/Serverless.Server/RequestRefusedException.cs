using System.Net;

namespace Serverless.Server;

/// <summary>A request that is answered with a status and one sentence.</summary>
internal sealed class RequestRefusedException(int status, string detail) : Exception(detail)
{
    public RequestRefusedException(HttpStatusCode status, string detail)
        : this((int)status, detail) { }

    public int Status => status;
}
