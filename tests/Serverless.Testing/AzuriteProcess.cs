using System.Diagnostics;
using System.Text;

namespace Serverless.Testing;

/// <summary>
/// The storage emulator Azurite (tables, blobs, queues) as a process of its own on free loopback ports. It ends with the
/// process that started it, even when that is killed.
/// </summary>
public sealed class AzuriteProcess : IAsyncDisposable
{
    /// <summary>The emulator's account.</summary>
    public const string AccountName = "devstoreaccount1";

    /// <summary>The key of <see cref="AccountName"/>, which everyone knows.</summary>
    public const string AccountKey = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    private static readonly string[] Services = ["Blob", "Queue", "Table"];
    private readonly string _installation;
    private readonly string? _folder;
    private readonly Dictionary<string, Uri> _addresses = [];
    private Process? _process;

    private AzuriteProcess(string installation, string? folder)
    {
        _installation = installation;
        _folder = folder;
    }

    /// <summary>
    /// Why tests that need Azurite cannot run here; null when they can. On a build server (<c>CI=true</c>) they always shall: a
    /// missing Node fails them there.
    /// </summary>
    public static string? SkipReason { get; } =
        AzuriteInstallation.IsNodePresent || Environment.GetEnvironmentVariable("CI") == "true"
            ? null
            : "Azurite needs Node.js, which is not on this machine.";

    /// <summary>Where the blob service listens, with the account's name as its path.</summary>
    public Uri BlobUri => Locate("Blob");

    /// <summary>Where the queue service listens, with the account's name as its path.</summary>
    public Uri QueueUri => Locate("Queue");

    /// <summary>Where the table service listens, with the account's name as its path.</summary>
    public Uri TableUri => Locate("Table");

    /// <summary>The connection string of all three services, with the account's key.</summary>
    public string ConnectionString =>
        $"DefaultEndpointsProtocol=http;AccountName={AccountName};AccountKey={AccountKey};"
        + $"BlobEndpoint={BlobUri};QueueEndpoint={QueueUri};TableEndpoint={TableUri};";

    /// <summary>Starts it, installing it first where needed, and returns once it answers.</summary>
    /// <param name="folder">Where it keeps its data; null for memory only, which forgets everything when it stops.</param>
    public static async Task<AzuriteProcess> StartAsync(string? folder = null)
    {
        if (!AzuriteInstallation.IsNodePresent)
        {
            throw new InvalidOperationException("Azurite needs Node.js, which is not on this machine.");
        }

        AzuriteProcess azurite = new(await AzuriteInstallation.EnsureAsync(), folder);
        await azurite.RunAsync();
        return azurite;
    }

    /// <summary>Stops it in good order: what it acknowledged is in its folder. Nobody listens on its ports after that.</summary>
    public async Task StopAsync()
    {
        if (_process is null)
        {
            return;
        }

        // tests/azurite/end-with-parent.cjs
        _process.StandardInput.Close();
        try
        {
            await _process.WaitForExitAsync().WaitAsync(Waiting.Patience);
        }
        catch (TimeoutException)
        {
            _process.Kill(entireProcessTree: true);
            throw;
        }
        finally
        {
            _process.Dispose();
            _process = null;
        }
    }

    /// <summary>Starts it again after <see cref="StopAsync"/>, on the same ports, and returns once it answers.</summary>
    public Task RestartAsync() => _process is null ? RunAsync() : throw new InvalidOperationException("Azurite runs already.");

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await StopAsync();

    private Uri Locate(string service) => new(_addresses[service], AccountName);

    private async Task RunAsync()
    {
        ProcessStartInfo start = new("node")
        {
            WorkingDirectory = _installation,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.ArgumentList.Add("--require");
        start.ArgumentList.Add(Path.Combine(_installation, "end-with-parent.cjs"));
        start.ArgumentList.Add(Path.Combine(_installation, "node_modules", "azurite", "dist", "src", "azurite.js"));
        string[] persistence = _folder is null ? ["--inMemoryPersistence"] : ["--location", _folder];
        foreach (var argument in (string[])["--silent", "--skipApiVersionCheck", "--disableTelemetry", .. persistence])
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var service in Services)
        {
            var name = service.ToLowerInvariant();
            start.ArgumentList.Add($"--{name}Host");
            start.ArgumentList.Add("127.0.0.1");
            start.ArgumentList.Add($"--{name}Port");
            start.ArgumentList.Add($"{PortOf(service)}");
        }

        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        await ListenAsync(_process);
    }

    /// <summary>The port that it has already; one that nobody takes while it is stopped, if it keeps its data; otherwise any.</summary>
    private int PortOf(string service) =>
        _addresses.TryGetValue(service, out var address) ? address.Port
        : _folder is null ? 0
        : HostProcess.FreePort();

    /// <summary>Starts the process and waits until each service has said where it listens.</summary>
    private async Task ListenAsync(Process process)
    {
        TaskCompletionSource listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
        HashSet<string> ready = [];
        StringBuilder output = new();
        void Read(object sender, DataReceivedEventArgs line)
        {
            lock (output)
            {
                output.AppendLine(line.Data);
                foreach (var service in Services)
                {
                    var prefix = $"Azurite {service} service is successfully listening at ";
                    if (line.Data?.StartsWith(prefix, StringComparison.Ordinal) == true)
                    {
                        _addresses[service] = new Uri(line.Data[prefix.Length..]);
                        ready.Add(service);
                    }
                }

                if (ready.Count == Services.Length)
                {
                    listening.TrySetResult();
                }
            }
        }

        process.OutputDataReceived += Read;
        process.ErrorDataReceived += Read;
        process.Exited += (_, _) => listening.TrySetException(new InvalidOperationException("Azurite ended before it listened."));
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            await listening.Task.WaitAsync(Waiting.Patience);
        }
        catch (Exception e) when (e is InvalidOperationException or TimeoutException)
        {
            await StopAsync();
            lock (output)
            {
                throw new InvalidOperationException($"Azurite did not start:\n{output}", e);
            }
        }
    }
}
