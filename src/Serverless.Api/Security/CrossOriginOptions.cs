using Serverless.Server.Settings;

namespace Serverless.Api.Security;

/// <summary>Which pages of other origins may use the API from a browser: none unless set.</summary>
public sealed class CrossOriginOptions
{
    /// <summary>Stands for everything.</summary>
    internal const string All = "*";

    /// <summary>Their origins, separated by commas; <c>*</c> for all.</summary>
    [Setting("CorsAllowedOrigins", "origins such as https://app.example.com, separated by commas, or *")]
    [Origins]
    public string CorsAllowedOrigins { get; set; } = string.Empty;

    /// <summary>The methods that they may use, separated by commas; <c>*</c> for all, as unless set.</summary>
    [Setting("CorsAllowedMethods", "methods such as GET and POST, separated by commas, or *")]
    public string CorsAllowedMethods { get; set; } = All;

    /// <summary>The headers that they may send, separated by commas; <c>*</c> for all, as unless set.</summary>
    [Setting("CorsAllowedHeaders", "names of headers, separated by commas, or *")]
    public string CorsAllowedHeaders { get; set; } = All;

    /// <summary>The items of a list.</summary>
    internal static string[] Split(string list) => list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
