using Microsoft.AspNetCore.Http;

namespace Serverless.Api.Http.Binding;

/// <summary>The largest body of an operation in bytes, as metadata of its endpoint; beyond it the answer is 413.</summary>
/// <param name="Bytes">How many.</param>
internal sealed record BodyLimit(int Bytes)
{
    /// <summary>Of operations that say nothing: control, limits, leases.</summary>
    public const int Small = 256 * 1024;

    /// <summary>Of lists and counts: filters.</summary>
    public const int Query = 1024 * 1024;

    /// <summary>Of what carries values of authors: runs with their parameters, states with their data, inputs.</summary>
    public const int Values = 2 * 1024 * 1024;

    /// <summary>Of lines of logs: Prefect's client sends up to 4,000,000 bytes at once.</summary>
    public const int Logs = 5 * 1024 * 1024;

    /// <summary>The limit of the operation that a request was routed to.</summary>
    public static int Of(HttpContext http) => http.GetEndpoint()?.Metadata.GetMetadata<BodyLimit>()?.Bytes ?? Small;
}
