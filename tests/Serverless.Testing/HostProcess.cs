using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Serverless.Testing;

/// <summary>The real host as a process of its own, on a free port, to be driven over HTTP and killed.</summary>
public sealed class HostProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _output;

    private HostProcess(Process process, StringBuilder output, Uri address)
    {
        _process = process;
        _output = output;
        Address = address;
        Client = new HttpClient { BaseAddress = address, Timeout = Waiting.Patience };
    }

    /// <summary>Where it listens.</summary>
    public Uri Address { get; }

    /// <summary>A client for <see cref="Address"/>.</summary>
    public HttpClient Client { get; }

    /// <summary>What it wrote to both of its outputs.</summary>
    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    /// <summary>Its process, for memory and processor figures.</summary>
    public Process Process => _process;

    /// <summary>Starts the host and returns once it is ready.</summary>
    /// <param name="dataFolder">Its data folder.</param>
    /// <param name="port">Its port; null for a free one.</param>
    /// <param name="arguments">More arguments.</param>
    public static Task<HostProcess> StartAsync(string dataFolder, int? port = null, params string[] arguments) =>
        StartWithAsync(["--data", dataFolder, .. arguments], port);

    /// <summary>Starts the host on a storage account and returns once it is ready.</summary>
    /// <param name="storage">The account's connection string.</param>
    /// <param name="settings">Settings that go by the environment; null for none.</param>
    /// <param name="port">Its port; null for a free one.</param>
    public static Task<HostProcess> StartOnAsync(string storage, IReadOnlyDictionary<string, string?>? settings = null, int? port = null) =>
        StartWithAsync(["--storage", storage], port, settings);

    /// <summary>Starts the host and returns once it is ready.</summary>
    /// <param name="arguments">Its arguments. With a <c>--urls</c> of its own it is to listen on the port of the loopback address,
    /// too.</param>
    /// <param name="port">Its port; null for a free one.</param>
    /// <param name="settings">Settings that go by the environment; null for none.</param>
    /// <param name="startedIn">The folder that it is started in; null for that of the tests.</param>
    /// <param name="sayUrls">False when the settings say where it listens.</param>
    public static async Task<HostProcess> StartWithAsync(
        IReadOnlyList<string> arguments,
        int? port = null,
        IReadOnlyDictionary<string, string?>? settings = null,
        string? startedIn = null,
        bool sayUrls = true
    )
    {
        Uri address = new($"http://127.0.0.1:{port ?? FreePort()}");
        (var process, var output) = Launch(
            !sayUrls || arguments.Contains("--urls") ? [.. arguments] : ["--urls", address.ToString().TrimEnd('/'), .. arguments],
            settings,
            startedIn
        );
        HostProcess host = new(process, output, address);
        var started = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(started) < Waiting.Patience)
        {
            if (process.HasExited)
            {
                // Only then has all that it wrote arrived.
                await process.WaitForExitAsync();
                throw new InvalidOperationException($"The host ended with {process.ExitCode}:\n{host.Output}");
            }

            try
            {
                using var ready = await host.Client.GetAsync(new Uri("/api/ready", UriKind.Relative));
                if (ready.StatusCode == HttpStatusCode.OK)
                {
                    return host;
                }
            }
            catch (HttpRequestException)
            {
                // It does not listen yet.
            }

            await Task.Delay(10);
        }

        throw new TimeoutException($"The host was not ready in time:\n{host.Output}");
    }

    /// <summary>Waits until it has written some words: it writes a line after it has done what the line tells.</summary>
    public Task WhenWrittenAsync(string words) => WhenWrittenAsync(line => line.Contains(words, StringComparison.Ordinal));

    /// <summary>Waits until it has written a line that satisfies a condition; returns the first one.</summary>
    public async Task<string> WhenWrittenAsync(Func<string, bool> condition)
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            var output = Output;
            if (output.Split('\n', StringSplitOptions.TrimEntries).FirstOrDefault(condition) is { } line)
            {
                return line;
            }

            if (Stopwatch.GetElapsedTime(started) > Waiting.Patience)
            {
                throw new TimeoutException($"The host has not written the line:\n{output}");
            }

            await Task.Delay(10);
        }
    }

    /// <summary>Waits until it says that it is not ready; its last answer holds for a second.</summary>
    public async Task WhenNotReadyAsync()
    {
        using CancellationTokenSource patience = new(Waiting.Patience);
        while (true)
        {
            using var ready = await Client.GetAsync(new Uri("/api/ready", UriKind.Relative), patience.Token);
            if (ready.StatusCode != HttpStatusCode.OK)
            {
                return;
            }

            await Task.Delay(10, patience.Token);
        }
    }

    /// <summary>Runs the host until it ends by itself; returns its exit code and what it wrote.</summary>
    public static Task<(int ExitCode, string Output)> RunAsync(params string[] arguments) =>
        RunWithAsync(arguments, new Dictionary<string, string?>());

    /// <summary>Runs the host until it ends by itself; returns its exit code and what it wrote.</summary>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="settings">Settings that go by the environment.</param>
    public static async Task<(int ExitCode, string Output)> RunWithAsync(
        IReadOnlyList<string> arguments,
        IReadOnlyDictionary<string, string?> settings
    )
    {
        (var process, var output) = Launch([.. arguments], settings);
        using (process)
        {
            await process.WaitForExitAsync().WaitAsync(Waiting.Patience);
            lock (output)
            {
                return (process.ExitCode, output.ToString());
            }
        }
    }

    /// <summary>
    /// A port that nobody listens on. It is below those that the system gives to whoever asks for any: before the caller listens there, no
    /// connection and no other server gets it.
    /// </summary>
    public static int FreePort()
    {
        while (true)
        {
            var port = Random.Shared.Next(10_000, 32_000);
            try
            {
                using TcpListener listener = new(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Somebody listens there.
            }
        }
    }

    /// <summary>Ends the process with SIGKILL, without any chance to tidy up.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
    }

    private static (Process Process, StringBuilder Output) Launch(
        string[] arguments,
        IReadOnlyDictionary<string, string?>? settings = null,
        string? startedIn = null
    )
    {
        ProcessStartInfo start = new(
            Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet"
        )
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = startedIn ?? "",
        };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "Serverless.Host.dll"));
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        // As the tests themselves: tests/Directory.Build.props.
        start.Environment["DOTNET_TieredPGO"] = "0";
        foreach ((var name, var value) in settings ?? new Dictionary<string, string?>())
        {
            start.Environment[name] = value;
        }

        StringBuilder output = new();
        Process process = new() { StartInfo = start };
        void Append(object sender, DataReceivedEventArgs line)
        {
            lock (output)
            {
                output.AppendLine(line.Data);
            }
        }

        process.OutputDataReceived += Append;
        process.ErrorDataReceived += Append;
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return (process, output);
    }
}
