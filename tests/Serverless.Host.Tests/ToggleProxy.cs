using System.Net;
using System.Net.Sockets;

namespace Serverless.Host.Tests;

/// <summary>Passes connections on to another port, unless it is closed: then it hangs up.</summary>
internal sealed class ToggleProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _ended = new();
    private readonly int _target;
    private readonly Task _accepting;
    private CancellationTokenSource _open = new();
    private volatile bool _closed;

    public ToggleProxy(int target)
    {
        _target = target;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public async Task CloseAsync()
    {
        _closed = true;
        await _open.CancelAsync();
    }

    public void Open()
    {
        _open = new CancellationTokenSource();
        _closed = false;
    }

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        await _open.CancelAsync();
        _listener.Dispose();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            var client = await _listener.AcceptTcpClientAsync(_ended.Token);
            if (_closed)
            {
                client.Dispose();
                continue;
            }

            _ = PassAsync(client, _open.Token);
        }
    }

    private async Task PassAsync(TcpClient client, CancellationToken open)
    {
        using (client)
        using (TcpClient target = new())
        {
            await target.ConnectAsync(IPAddress.Loopback, _target, open);
            await Task.WhenAny(
                client.GetStream().CopyToAsync(target.GetStream(), open),
                target.GetStream().CopyToAsync(client.GetStream(), open)
            );
        }
    }
}
