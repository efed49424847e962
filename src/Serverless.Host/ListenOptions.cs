using System.Net;
using Microsoft.AspNetCore.Http;
using Serverless.Api.Http;

namespace Serverless.Host;

/// <summary>Where the host listens, and to whom.</summary>
/// <param name="Urls">Addresses to listen on, separated by semicolons.</param>
/// <param name="AllowedHosts">Names that requests may reach it by, besides those of the loopback address and of the addresses listened
/// on.</param>
/// <param name="AllowUnauthenticated">Whether it may listen beyond this machine although it asks nobody who he is.</param>
internal sealed record ListenOptions(string Urls, IReadOnlyList<string> AllowedHosts, bool AllowUnauthenticated)
{
    /// <summary>Which hosts requests may name.</summary>
    /// <exception cref="FormatException">An address is none.</exception>
    /// <exception cref="ListenRefusedException">Other machines could reach an address, and nobody has said that they may.</exception>
    public AllowedHosts Check()
    {
        List<string> listened = [];
        foreach (var url in Urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var address = BindingAddress.Parse(url);
            if (address.IsUnixPipe || address.IsNamedPipe)
            {
                continue;
            }

            var isAddress = IPAddress.TryParse(address.Host.Trim('[', ']'), out var ip);
            var isLocal = isAddress ? IPAddress.IsLoopback(ip!) : address.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase);
            if (!isLocal && !AllowUnauthenticated)
            {
                throw new ListenRefusedException(
                    $"Cannot start: other machines can reach '{url}', and the API has no authentication: everybody who reaches it can read "
                        + "everything and start and cancel runs. "
                        + "Listen on 127.0.0.1 behind a proxy that authenticates, or add --allow-unauthenticated."
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
