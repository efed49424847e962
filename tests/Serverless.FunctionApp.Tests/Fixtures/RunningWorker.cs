using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Serverless.Testing;

namespace Serverless.FunctionApp.Tests.Fixtures;

/// <summary>A worker and its host after all that happens between them before the first invocation.</summary>
internal sealed class RunningWorker : IAsyncDisposable
{
    private readonly PublishedApp _app;
    private readonly FunctionsHost _host;
    private readonly WorkerProcess _process;
    private readonly HttpClient _http = new() { Timeout = Waiting.Patience };
    private bool _listens;

    private RunningWorker(
        PublishedApp app,
        FunctionsHost host,
        string storage,
        string? applicationInsights,
        IReadOnlyDictionary<string, string?>? settings
    )
    {
        _app = app;
        _host = host;
        _process = WorkerProcess.Start(app, host.Address, Id, storage, applicationInsights, settings);
    }

    /// <summary>The id that the host gave it.</summary>
    public string Id { get; } = Guid.NewGuid().ToString();

    /// <summary>Its first message.</summary>
    public JsonObject Connected { get; private set; } = [];

    /// <summary>Its answer to the request to initialize itself.</summary>
    public JsonObject Initialized { get; private set; } = [];

    /// <summary>Its answer to the question for its functions.</summary>
    public JsonObject Indexed { get; private set; } = [];

    /// <summary>Its functions as it described them, by name.</summary>
    public IReadOnlyDictionary<string, JsonObject> Functions { get; private set; } = new Dictionary<string, JsonObject>();

    /// <summary>Its answer to the request to load each function, by name.</summary>
    public IReadOnlyDictionary<string, JsonObject> Loaded { get; private set; } = new Dictionary<string, JsonObject>();

    /// <summary>What it asked of the Durable extension.</summary>
    public DurableService Durable => _host.Durable;

    /// <summary>What it logged through the host.</summary>
    public IEnumerable<JsonObject> Logs => _host.Logs;

    /// <summary>Where its ASP.NET Core integration listens.</summary>
    private Uri HttpAddress => new((string)Initialized["capabilities"]!["HttpUri"]!);

    /// <summary>Starts a host and the worker, and has the worker load all functions.</summary>
    /// <param name="storage">The connection string of the app's storage account.</param>
    /// <param name="applicationInsights">The connection string for its telemetry; null for none.</param>
    /// <param name="settings">More of its settings; null for none.</param>
    /// <param name="app">The app; null for that of this repository.</param>
    public static async Task<RunningWorker> StartAsync(
        string storage,
        string? applicationInsights = null,
        IReadOnlyDictionary<string, string?>? settings = null,
        PublishedApp? app = null
    )
    {
        RunningWorker worker = new(app ?? PublishedApp.Ours, await FunctionsHost.StartAsync(), storage, applicationInsights, settings);
        try
        {
            await worker.LoadAsync();
            return worker;
        }
        catch
        {
            await worker.DisposeAsync();
            throw;
        }
    }

    /// <summary>Invokes a function, and returns the answer to it.</summary>
    /// <exception cref="InvalidOperationException">The function failed.</exception>
    public Task<JsonObject> InvokeAsync(string function, params (string Name, JsonObject Data)[] input) =>
        InvokeAsync(function, Guid.NewGuid(), input);

    /// <summary>
    /// Invokes an HTTP function as the host does when the worker has ASP.NET Core: the request goes to the worker's own address, the
    /// invocation over gRPC, and the id joins them. An answer without a body is an empty object.
    /// </summary>
    public async Task<(HttpStatusCode Status, JsonNode Body)> SendAsync(
        string function,
        HttpMethod method,
        string path,
        JsonObject? body = null,
        AuthenticationHeaderValue? authorization = null
    )
    {
        var (status, text) = await TextAsync(function, method, path, body, authorization);
        return (status, text.Length == 0 ? new JsonObject() : JsonNode.Parse(text)!);
    }

    /// <summary>The same for an answer that is no JSON.</summary>
    public async Task<(HttpStatusCode Status, string Text)> TextAsync(
        string function,
        HttpMethod method,
        string path,
        JsonObject? body = null,
        AuthenticationHeaderValue? authorization = null
    )
    {
        await WhenListensAsync();
        var invocation = Guid.NewGuid();
        using HttpRequestMessage request = new(method, new Uri(HttpAddress, path));
        request.Headers.Add("x-ms-invocation-id", invocation.ToString());
        request.Headers.Authorization = authorization;
        if (body is not null)
        {
            request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        }

        (string, JsonObject) trigger = ("request", new JsonObject { ["http"] = new JsonObject() });
        var invoked = InvokeAsync(function, invocation, function == "RunHistory" ? [trigger, ("client", DurableClient())] : [trigger]);
        using var response = await _http.SendAsync(request);
        await invoked;
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    /// <summary>The binding of a Durable client, which leads to <see cref="Durable"/>.</summary>
    public JsonObject DurableClient() =>
        Data.Text(
            new JsonObject
            {
                ["rpcBaseUrl"] = _host.Address.ToString(),
                ["taskHubName"] = "Serverless",
                ["connectionName"] = "AzureWebJobsStorage",
                ["requiredQueryStringParameters"] = "code=none",
                ["httpBaseUrl"] = new Uri(_host.Address, "runtime/webhooks/durabletask").ToString(),
                ["maxGrpcMessageSizeInBytes"] = int.MaxValue,
                ["grpcHttpClientTimeout"] = "\"00:01:40\"",
            }.ToJsonString()
        );

    /// <summary>Has the worker end itself, and returns its exit code.</summary>
    public async Task<int> TerminateAsync()
    {
        _host.Tell("workerTerminate", new JsonObject { ["gracePeriod"] = "5s" });
        return await _process.Exited.WaitAsync(Waiting.Patience);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _process.DisposeAsync();
        await _host.DisposeAsync();
    }

    private async Task LoadAsync()
    {
        Connected = await WithinPatienceAsync(_host.Connected);
        Initialized = await AskAsync(
            "workerInitRequest",
            new JsonObject
            {
                ["hostVersion"] = "4.1040.0",
                ["workerDirectory"] = _app.Folder,
                ["functionAppDirectory"] = _app.Folder,
            },
            "workerInitResponse"
        );
        Indexed = await AskAsync(
            "functionsMetadataRequest",
            new JsonObject { ["functionAppDirectory"] = _app.Folder },
            "functionMetadataResponse"
        );
        Functions = Indexed["functionMetadataResults"]!
            .AsArray()
            .ToDictionary(function => (string)function!["name"]!, function => function!.AsObject());
        Dictionary<string, JsonObject> loaded = [];
        foreach ((var name, var function) in Functions)
        {
            loaded[name] = await AskAsync(
                "functionLoadRequest",
                new JsonObject { ["functionId"] = (string)function["functionId"]!, ["metadata"] = function.DeepClone() },
                "functionLoadResponse"
            );
        }

        Loaded = loaded;
    }

    private async Task<JsonObject> InvokeAsync(string function, Guid invocation, IEnumerable<(string Name, JsonObject Data)> input)
    {
        var response = await AskAsync(
            "invocationRequest",
            new JsonObject
            {
                ["invocationId"] = invocation.ToString(),
                ["functionId"] = (string)Functions[function]["functionId"]!,
                ["traceContext"] = new JsonObject { ["traceParent"] = $"00-{invocation:N}-{invocation.ToString("N")[..16]}-00" },
                ["inputData"] = new JsonArray([.. input.Select(one => new JsonObject { ["name"] = one.Name, ["data"] = one.Data })]),
            },
            "invocationResponse"
        );
        return (string)response["result"]!["status"]! == "Success"
            ? response
            : throw new InvalidOperationException($"{function} failed: {response["result"]!["exception"]}");
    }

    /// <summary>
    /// Waits until the worker takes connections: it tells its address before it listens there. The real host tries again, too, when it
    /// is refused.
    /// </summary>
    private async Task WhenListensAsync()
    {
        using CancellationTokenSource patience = new(Waiting.Patience);
        while (!_listens)
        {
            using TcpClient client = new();
            try
            {
                await client.ConnectAsync(HttpAddress.Host, HttpAddress.Port, patience.Token);
                _listens = true;
            }
            catch (SocketException) when (!_process.Exited.IsCompleted)
            {
                await Task.Delay(20, patience.Token);
            }
        }
    }

    private Task<JsonObject> AskAsync(string request, JsonObject content, string answer) =>
        WithinPatienceAsync(_host.AskAsync(request, content, answer));

    private async Task<JsonObject> WithinPatienceAsync(Task<JsonObject> answer)
    {
        var patience = Task.Delay(Waiting.Patience);
        return await Task.WhenAny(answer, _process.Exited, patience) == answer
            ? await answer
            : throw new InvalidOperationException(
                $"The worker {(patience.IsCompleted ? "does not answer" : "has ended")}:\n{_process.Output}\n{string.Join('\n', Logs)}"
            );
    }
}
