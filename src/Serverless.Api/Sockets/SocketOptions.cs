using System.ComponentModel.DataAnnotations;
using Serverless.Server.Settings;

namespace Serverless.Api.Sockets;

/// <summary>How many websockets may be open.</summary>
internal sealed class SocketOptions
{
    /// <summary>The most; beyond it none is accepted. 1,000 unless set.</summary>
    [Setting("MaxSockets", "a number of websockets above 0")]
    [Range(1, int.MaxValue)]
    public int Max { get; set; } = 1000;
}
