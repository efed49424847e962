using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Serverless.Core.Models;
using Serverless.Core.Validation;

namespace Serverless.Api.Bodies;

/// <summary>Body of <c>POST /v2/concurrency_limits/leases/{id}/renew</c>; all of it may be left out.</summary>
internal sealed record RenewLeaseBody
{
    /// <summary>For how many seconds from now.</summary>
    [DefaultValue(SlotsLease.DefaultDuration)]
    [Range(WireLimits.ShortestLease, WireLimits.LongestLease)]
    public double? LeaseDuration { get; init; }
}
