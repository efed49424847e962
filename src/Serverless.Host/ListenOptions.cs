using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Serverless.Api.Http;

namespace Serverless.Host;

/// <summary>Where the host listens, and to whom.</summary>
/// <param name="Urls">Addresses to listen on, separated by semicolons; null for what the environment says.</param>
/// <param name="AllowedHosts">Names that requests may reach it by, besides those of the loopback address and of the addresses listened
/// on.</param>
/// <param name="AllowAnonymous">Whether it may listen beyond this machine although it asks nobody who he is.</param>
internal sealed record ListenOptions(string? Urls, IReadOnlyList<string> AllowedHosts, bool AllowAnonymous)
{
    /// <summary>The setting that all web servers of ASP.NET Core know.</summary>
    private const string UrlsSetting = "ASPNETCORE_URLS";

    private const string EndpointsSetting = "Kestrel:Endpoints";

    /// <summary>The addresses.</summary>
    /// <param name="environment">The settings of the environment.</param>
    /// <exception cref="FormatException">An address is none.</exception>
    /// <exception cref="ListenRefusedException">The environment says it in a way that is not supported.</exception>
    public string ReadUrls(IConfiguration environment)
    {
        if (environment.GetSection(EndpointsSetting).GetChildren().Any())
        {
            throw new ListenRefusedException(
                "Cannot start: Kestrel__Endpoints__… in the environment is not supported. Say the addresses by --urls or "
                    + UrlsSetting
                    + "."
            );
        }

        var urls = Urls ?? (environment[UrlsSetting] is { Length: > 0 } given ? given : HostDefaults.Urls);
        ListenAddresses.Check(urls);
        return urls;
    }

    /// <summary>Which hosts requests may name.</summary>
    /// <param name="urls">The addresses.</param>
    /// <param name="isAuthenticated">Whether requests must show who sends them.</param>
    /// <exception cref="ListenRefusedException">Other machines could reach an address, and nobody has said that they may.</exception>
    public AllowedHosts Check(string urls, bool isAuthenticated)
    {
        List<string> listened = [];
        foreach (var url in ListenAddresses.Split(urls))
        {
            var address = BindingAddress.Parse(url);
            if (address.IsUnixPipe)
            {
                // A file, which only its owner may connect to, and those that he lets.
                continue;
            }

            var isAddress = IPAddress.TryParse(address.Host.Trim('[', ']'), out var ip);
            var isLocal = isAddress ? IPAddress.IsLoopback(ip!) : address.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase);
            if (!isLocal && !isAuthenticated && !AllowAnonymous)
            {
                throw new ListenRefusedException(
                    $"Cannot start: other machines can reach '{url}', and everybody who does could read everything, and start and "
                        + "cancel runs. Set a password (--auth-file, or ApiAuth in the environment) or an API key (--api-key-file, "
                        + "ApiKey), listen on 127.0.0.1, or let everybody in by --allow-anonymous."
                );
            }

            // Any other name, such as * and +, makes the server listen on every address.
            listened.Add(address.Host);
            if (!isAddress && !isLocal)
            {
                listened.Add(IPAddress.Any.ToString());
            }
        }

        return new AllowedHosts(listened, AllowedHosts);
    }
}
