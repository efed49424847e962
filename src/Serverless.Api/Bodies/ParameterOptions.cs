using System.ComponentModel.DataAnnotations;
using Serverless.Server.Settings;

namespace Serverless.Api.Bodies;

/// <summary>How large the parameters of a flow run may be.</summary>
internal sealed class ParameterOptions
{
    /// <summary>The most bytes of JSON; 524,288 unless set, and 0 for no limit of their own.</summary>
    [Setting("MaxParameterBytes", "a number of bytes, or 0 for no limit")]
    [Range(0, int.MaxValue)]
    public int MaxBytes { get; set; } = 524_288;
}
