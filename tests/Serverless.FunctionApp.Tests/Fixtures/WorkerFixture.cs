using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;
using Serverless.Functions.Outbox;
using Serverless.Server.Outbox;
using Serverless.Testing;

namespace Serverless.FunctionApp.Tests.Fixtures;

/// <summary>One worker on one Azurite, for all tests that do not end it.</summary>
public sealed class WorkerFixture : IAsyncLifetime
{
    private AzuriteProcess? _azurite;
    private RunningWorker? _worker;
    private Task<RunningWorker>? _other;

    internal AzuriteProcess Azurite => _azurite ?? throw new InvalidOperationException("A test without [WorkerFact] asks for Azurite.");

    internal RunningWorker Worker => _worker ?? throw new InvalidOperationException("A test without [WorkerFact] asks for the worker.");

    /// <summary>A second worker on the same storage, which starts when the first test asks for it.</summary>
    internal Task<RunningWorker> OtherWorker => _other ??= RunningWorker.StartAsync(Azurite.ConnectionString);

    public async Task InitializeAsync()
    {
        if (AzuriteProcess.SkipReason is null)
        {
            _azurite = await AzuriteProcess.StartAsync();
            _worker = await RunningWorker.StartAsync(_azurite.ConnectionString);
        }
    }

    public async Task DisposeAsync()
    {
        if (_other is not null)
        {
            await (await _other).DisposeAsync();
        }

        if (_worker is not null)
        {
            await _worker.DisposeAsync();
        }

        if (_azurite is not null)
        {
            await _azurite.DisposeAsync();
        }
    }

    /// <summary>Creates a run of the flow <c>hello</c> through the API, and returns its id.</summary>
    internal async Task<Guid> CreateRunAsync()
    {
        (_, var deployment) = await Worker.SendAsync("Api", HttpMethod.Get, "api/deployments/name/hello/default");
        (var status, var run) = await Worker.SendAsync(
            "CreateRun",
            HttpMethod.Post,
            $"api/deployments/{deployment["id"]}/create_flow_run",
            []
        );
        status.ShouldBe(HttpStatusCode.Created);
        return (Guid)run["id"]!;
    }

    /// <summary>The message on the app's queue that announces a run, once it is there; on the queue itself it is in Base64.</summary>
    internal async Task<string> AnnouncementAsync(Guid flowRunId)
    {
        QueueClient queue = new(Azurite.ConnectionString, DispatchOutbox.Queue);
        for (var started = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(started) < Waiting.Patience; await Task.Delay(10))
        {
            PeekedMessage[] messages = await queue.PeekMessagesAsync(maxMessages: 32);
            if (
                messages
                    .Select(message => Encoding.UTF8.GetString(Convert.FromBase64String(message.MessageText)))
                    .FirstOrDefault(message => OutboxEntry.FromMessage(message).FlowRunId == flowRunId) is
                { } announcement
            )
            {
                return announcement;
            }
        }

        throw new TimeoutException($"Nothing on the queue announces the run {flowRunId}.");
    }
}
