using System.Diagnostics;
using System.Text;

namespace Serverless.FunctionApp.Tests.Fixtures;

/// <summary>
/// A published app as the process that a Functions host starts, with the command line and the environment that the host gives it.
/// </summary>
internal sealed class WorkerProcess : IAsyncDisposable
{
    private readonly StringBuilder _output = new();
    private readonly Process _process;

    private WorkerProcess(ProcessStartInfo start)
    {
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += Append;
        _process.ErrorDataReceived += Append;
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        Exited = ExitAsync();
    }

    /// <summary>Ends with the process, with its exit code.</summary>
    public Task<int> Exited { get; }

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

    /// <summary>Starts it.</summary>
    /// <param name="app">The app.</param>
    /// <param name="host">Where the host's gRPC service is.</param>
    /// <param name="workerId">By which it tells the host who it is.</param>
    /// <param name="storage">The connection string of its storage account.</param>
    /// <param name="applicationInsights">The connection string for its telemetry; null for none.</param>
    /// <param name="settings">More of its settings; null for none.</param>
    public static WorkerProcess Start(
        PublishedApp app,
        Uri host,
        string workerId,
        string storage,
        string? applicationInsights = null,
        IReadOnlyDictionary<string, string?>? settings = null
    )
    {
        ProcessStartInfo start = new("dotnet")
        {
            WorkingDirectory = app.Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        var request = Guid.NewGuid().ToString();
        var maximum = $"{int.MaxValue}";
        string[] arguments =
        [
            app.File(app.Program),
            // The host says everything twice, the first time for workers of long ago.
            "--host",
            host.Host,
            "--port",
            $"{host.Port}",
            "--workerId",
            workerId,
            "--requestId",
            request,
            "--grpcMaxMessageLength",
            maximum,
            "--functions-uri",
            host.ToString(),
            "--functions-worker-id",
            workerId,
            "--functions-request-id",
            request,
            "--functions-grpc-max-message-length",
            maximum,
        ];
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["AzureWebJobsStorage"] = storage;
        start.Environment["FUNCTIONS_WORKER_RUNTIME"] = "dotnet-isolated";
        start.Environment["FUNCTIONS_WORKER_DIRECTORY"] = app.Folder;
        start.Environment["FUNCTIONS_APPLICATION_DIRECTORY"] = app.Folder;
        start.Environment["APPLICATIONINSIGHTS_CONNECTION_STRING"] = applicationInsights;

        foreach ((var name, var value) in settings ?? new Dictionary<string, string?>())
        {
            start.Environment[name] = value;
        }

        // As the tests themselves: tests/Directory.Build.props.
        start.Environment["DOTNET_TieredPGO"] = "0";

        // The exporter's statistics about itself would go out to the internet.
        start.Environment["APPLICATIONINSIGHTS_STATSBEAT_DISABLED"] = "true";
        return new WorkerProcess(start);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!Exited.IsCompleted)
        {
            _process.Kill();
        }

        await Exited;
        _process.Dispose();
    }

    private async Task<int> ExitAsync()
    {
        await _process.WaitForExitAsync();
        return _process.ExitCode;
    }

    private void Append(object sender, DataReceivedEventArgs line)
    {
        lock (_output)
        {
            _output.AppendLine(line.Data);
        }
    }
}
