using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Serverless.Core.Filters;
using Serverless.Core.Ids;
using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Server.Deployments;
using Serverless.Server.Flows;
using Serverless.Server.Outbox;
using Serverless.Server.Runs;
using Serverless.Server.Runs.Writing;
using Serverless.Storage;
using Serverless.Storage.Sqlite;
using Serverless.Testing;

namespace Serverless.Server.Tests;

/// <summary>The services on a store in a folder of its own, with a clock that the test moves.</summary>
internal sealed class TestServer : IAsyncDisposable
{
    public const string Schema =
        """{"type": "object", "properties": {"name": {"type": "string", "default": "world"}, "count": {"type": "integer"}}, "required": ["count"]}""";

    private readonly DirectoryInfo _folder;
    private readonly SqliteRowStore _sqlite;
    private readonly WebApplication _app;

    private TestServer(DirectoryInfo folder, SqliteRowStore sqlite, InterceptedRowStore store, WebApplication app)
    {
        _folder = folder;
        _sqlite = sqlite;
        Store = store;
        _app = app;
        Http = app.GetTestClient();
    }

    public InterceptedRowStore Store { get; }

    /// <summary>Sends requests to the endpoints that a test has mapped.</summary>
    public HttpClient Http { get; }

    /// <summary>Opens websockets to the endpoints that a test has mapped.</summary>
    public WebSocketClient Sockets => _app.GetTestServer().CreateWebSocketClient();

    /// <summary>Stops the app in good order.</summary>
    public Task StopAsync() => _app.StopAsync();

    public ManualTimeProvider Time => Get<ManualTimeProvider>();

    public RecordingAnnouncer Announcer => Get<RecordingAnnouncer>();

    public RunGate Gate => Get<RunGate>();

    public FlowRunService Runs => Get<FlowRunService>();

    public TaskRunService TaskRuns => Get<TaskRunService>();

    /// <summary>A flow that runs in this app, and its deployment.</summary>
    public Deployment Registered { get; private set; } = null!;

    /// <summary>A flow that belongs to a remote client.</summary>
    public Flow Remote { get; private set; } = null!;

    public T Get<T>()
        where T : notnull => _app.Services.GetRequiredService<T>();

    public IEnumerable<T> GetAll<T>()
        where T : notnull => _app.Services.GetServices<T>();

    /// <summary>Starts a server.</summary>
    /// <param name="configure">Changes its services.</param>
    /// <param name="map">Adds endpoints.</param>
    /// <param name="columns">False for a store that keeps no columns, as Azure Tables does not: then index rows say where runs are.</param>
    public static async Task<TestServer> StartAsync(
        Action<IServiceCollection>? configure = null,
        Action<WebApplication>? map = null,
        bool columns = true
    )
    {
        var folder = Directory.CreateTempSubdirectory("serverless-server-");
        SqliteRowStore sqlite = SqliteRowStore.Open(
            new SqliteRowStoreOptions { Path = Path.Combine(folder.FullName, "rows.db"), Durability = SqliteDurability.Normal }
        );
        InterceptedRowStore store = new(sqlite, columns);
        ManualTimeProvider time = new();
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseTestServer();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(time);
        builder.Services.AddSingleton<TimeProvider>(time);
        builder.Services.AddSingleton<IIdGenerator>(new RandomIdGenerator(time, new Random(1)));
        builder.Services.AddSingleton<IRowStore>(store);
        builder.Services.AddSingleton<RecordingAnnouncer>();
        builder.Services.AddSingleton<IOutboxAnnouncer>(provider => provider.GetRequiredService<RecordingAnnouncer>());
        builder.Services.AddServerlessServer();

        // Requests that race wait in real time: no test could move the clock at the right moments.
        builder.Services.AddSingleton<CommitRetry>(provider => new(TimeProvider.System, provider.GetRequiredService<IIdGenerator>()));
        configure?.Invoke(builder.Services);
        var app = builder.Build();
        map?.Invoke(app);
        await app.StartAsync();

        TestServer server = new(folder, sqlite, store, app);
        server.Registered = await server
            .Get<DeploymentService>()
            .EnsureDeploymentAsync(
                new DeploymentSpec
                {
                    FlowName = "hello",
                    ParameterSchemaJson = Schema,
                    Tags = ["sample"],
                }
            );
        server.Get<RegisteredFlows>().Add(new RegisteredFlow(server.Registered.FlowId, "hello", FlowRunPolicy.Empty));
        server.Remote = (await server.Get<FlowService>().CreateAsync(new FlowCreate { Name = "remote" })).Flow;
        return server;
    }

    /// <summary>Creates a run of the registered flow.</summary>
    public async Task<FlowRun> CreateRegisteredAsync() =>
        (await Runs.CreateAsync(new FlowRunCreate { FlowId = Registered.FlowId, DeploymentId = Registered.Id })).Run;

    /// <summary>Creates a run of the remote client's flow.</summary>
    public async Task<FlowRun> CreateRemoteAsync(ProposedState? state = null) =>
        (await Runs.CreateAsync(new FlowRunCreate { FlowId = Remote.Id, State = state })).Run;

    /// <summary>Creates a run of the registered flow that its orchestration has begun.</summary>
    public async Task<FlowRun> CreateRunningAsync()
    {
        var run = await CreateRegisteredAsync();
        var result = await Gate.ProposeFlowRunStateAsync(run.Id, ProposedStates.Running(), TransitionOrigin.Orchestrator);
        result.ShouldNotBeNull().Status.ShouldBe(SetStateStatus.Accept);
        return (await Runs.GetAsync(run.Id)).ShouldNotBeNull();
    }

    /// <summary>The runs of a deployment that are expected to start at a time or later; null for all.</summary>
    public async Task<IReadOnlyList<FlowRun>> RunsOfAsync(Guid deploymentId, DateTimeOffset? since = null)
    {
        FlowRunFilter filter = new()
        {
            DeploymentId = new IdFilter { Any = [deploymentId] },
            ExpectedStartTime = new TimeFilter { After = since },
        };
        var runs = Get<FlowRunQueries>().MatchAsync(new FlowRunQuery { FlowRuns = filter }, withTaskRuns: false, CancellationToken.None);
        return await runs.Select(stored => stored.Run).ToListAsync();
    }

    /// <summary>The keys of a list's rows.</summary>
    public async Task<IReadOnlyList<string>> ListAsync(string list) =>
        await Store.MergeAsync(RunKeys.List(list)).Select(row => row.RowKey).ToListAsync();

    public async Task<IReadOnlyList<OutboxEntry>> OutboxAsync() => await Get<OutboxStore>().ReadAsync().ToListAsync();

    public static TaskRunStart StartOf(Guid flowRunId, int dynamicKey = 0) =>
        new()
        {
            FlowRunId = flowRunId,
            TaskRunId = StableIds.TaskRun(flowRunId, "task", dynamicKey),
            Name = $"task-{dynamicKey}",
            TaskKey = "task",
            DynamicKey = dynamicKey.ToString(System.Globalization.CultureInfo.InvariantCulture),
            Basis = FlowRunBasis.None,
        };

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.DisposeAsync();
        await _sqlite.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
