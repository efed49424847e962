using Microsoft.AspNetCore.Http;

namespace Serverless.Host;

/// <summary>The addresses of <c>--urls</c>.</summary>
internal static class ListenAddresses
{
    /// <summary>Finds what the web server would refuse later, in words of its own.</summary>
    /// <exception cref="FormatException">An address is none; the message says why.</exception>
    public static void Check(string urls)
    {
        var all = Split(urls);
        if (all.Length == 0)
        {
            throw new FormatException($"an address such as {HostDefaults.Urls} is expected.");
        }

        foreach (var url in all)
        {
            var address = BindingAddress.Parse(url);
            if (address.Scheme.Equals("https", StringComparison.OrdinalIgnoreCase))
            {
                throw new FormatException(
                    "this host has no certificate and supports only http. Listen on http:// and put a proxy for https in front of it."
                );
            }

            if (!address.Scheme.Equals("http", StringComparison.OrdinalIgnoreCase))
            {
                throw new FormatException($"'{address.Scheme}' is not supported; use http.");
            }

            if (address.IsNamedPipe)
            {
                throw new FormatException("named pipes are not supported; use an address, or http://unix:/… for a socket.");
            }

            if (address is { IsUnixPipe: false, Port: < 0 or > 65535 })
            {
                throw new FormatException($"{address.Port} is not a valid port; the highest is 65535.");
            }
        }
    }

    /// <summary>The single addresses.</summary>
    public static string[] Split(string urls) => urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
