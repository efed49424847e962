using System.Net;

namespace Serverless.Api.Http;

/// <summary>
/// The names that requests may reach this server by. A page whose owner points a name of his at this machine reaches it by that name
/// (DNS rebinding), and is refused. A host that has its own gate before the API registers none.
/// </summary>
public sealed class AllowedHosts
{
    private readonly bool _all;
    private readonly bool _anyAddress;
    private readonly HashSet<string> _names;
    private readonly HashSet<IPAddress> _addresses;

    /// <summary>The names of the loopback address, those of the addresses that are listened on, and others.</summary>
    /// <param name="listened">The hosts of the addresses that are listened on; one that stands for every address allows every address, but
    /// no name.</param>
    /// <param name="others">More names and addresses; <c>*</c> for all.</param>
    public AllowedHosts(IEnumerable<string> listened, IEnumerable<string> others)
    {
        string[] hosts = [.. listened.Concat(others).Select(host => host.Trim('[', ']'))];
        _all = others.Contains("*", StringComparer.Ordinal);
        _addresses = [.. hosts.Select(host => IPAddress.TryParse(host, out var address) ? address : null).OfType<IPAddress>()];
        _anyAddress = _addresses.Contains(IPAddress.Any) || _addresses.Contains(IPAddress.IPv6Any);
        _names = new(hosts, StringComparer.OrdinalIgnoreCase) { "localhost" };
    }

    /// <summary>Whether a request's host (without port) is one of them.</summary>
    public bool Contains(string host)
    {
        var name = host.Trim('[', ']');
        return _all
            || _names.Contains(name)
            || name.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
            || (
                IPAddress.TryParse(name, out var address) && (_anyAddress || IPAddress.IsLoopback(address) || _addresses.Contains(address))
            );
    }
}
