using System.ComponentModel.DataAnnotations;
using Serverless.Server.Settings;

namespace Serverless.Api.Security;

/// <summary>Whether requests that change something must show a token.</summary>
public sealed class CsrfOptions
{
    /// <summary>Whether they must; no unless set, as in Prefect.</summary>
    [Setting("CsrfProtection", "true or false")]
    public bool CsrfProtection { get; set; }

    /// <summary>For how many seconds a token is valid: an hour unless set, as in Prefect.</summary>
    [Setting("CsrfTokenSeconds", "a number of seconds between 1 and 604800")]
    [Range(1, 604_800)]
    public int CsrfTokenSeconds { get; set; } = 3600;
}
