using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Serverless.Api;

namespace Serverless.Host;

/// <summary>How the web server treats clients that ask for much, or that are slow.</summary>
internal static class KestrelSetup
{
    /// <summary>What a client that reads must take in the mean. A slower one would hold the memory of its answer for hours.</summary>
    private const int LeastReadRate = 64 * 1024;

    /// <summary>What a client that sends a body must send in the mean; its memory grows only with what has come.</summary>
    private const int LeastSendRate = 240;

    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    /// <summary>Sets it.</summary>
    public static void Configure(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;

        // The addresses are those of --urls, which were checked, and never those of a section Kestrel:Endpoints in some file.
        kestrel.Configure(new ConfigurationBuilder().Build());
        SetLimits(kestrel.Limits);
    }

    private static void SetLimits(KestrelServerLimits limits)
    {
        limits.MaxRequestLineSize = 8 * 1024;
        limits.MaxRequestHeadersTotalSize = 32 * 1024;
        limits.MaxRequestHeaderCount = 100;
        limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
        limits.KeepAliveTimeout = TimeSpan.FromSeconds(130);

        // Operations have smaller limits, and answer for themselves. This one is for the bodies that nobody reads.
        limits.MaxRequestBodySize = ServerlessApi.LargestBody + (1024 * 1024);
        limits.MinRequestBodyDataRate = new MinDataRate(LeastSendRate, Grace);
        limits.MinResponseDataRate = new MinDataRate(LeastReadRate, Grace);
    }
}
