using Microsoft.Extensions.DependencyInjection;
using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Server.Outbox;
using Serverless.Server.Runs;

namespace Serverless.Server.Tests.Runs;

public sealed class RunAdmissionTests
{
    /// <summary>What a remote client executes waits for the client, and a subflow for the parent that calls it.</summary>
    [Fact]
    public async Task Create_RunsThatDoNotWaitHere_AreNotCounted()
    {
        await using var server = await StartAsync(maxWaiting: 1);
        var run = await server.CreateRegisteredAsync();
        await Should.ThrowAsync<OverloadedException>(server.CreateRegisteredAsync);

        await server.CreateRemoteAsync();
        await server.Runs.CreateAsync(new FlowRunCreate { FlowId = server.Registered.FlowId, State = ProposedStates.Completed() });
        (
            await server.Runs.CreateSubflowAsync(Guid.NewGuid(), run.Id, new FlowRunCreate { FlowId = server.Registered.FlowId })
        ).ShouldNotBeNull();
    }

    /// <summary>Entries that do other things than start runs, such as those of thousands of deletions, are no backlog.</summary>
    [Fact]
    public async Task Create_BesideEntriesOfAnotherKind_IsAdmitted()
    {
        await using var server = await StartAsync(maxWaiting: 1);
        var deleted = await server.CreateRegisteredAsync();
        await server.Runs.DeleteAsync(deleted.Id);
        foreach (var start in (await server.OutboxAsync()).Where(entry => entry.Kind == OutboxKind.Start))
        {
            await server.Get<OutboxStore>().DeleteAsync(start);
        }

        (await server.OutboxAsync()).ShouldNotBeEmpty();
        server.Time.Advance(TimeSpan.FromSeconds(1));
        await server.CreateRegisteredAsync();
    }

    /// <summary>A background task run waits for its start as a flow run does. One that is there already is given again.</summary>
    [Fact]
    public async Task Create_BackgroundTaskRuns_AreCountedAndRefused()
    {
        await using var server = await StartAsync(maxWaiting: 2);
        var tasks = server.Get<BackgroundTaskRuns>();
        var first = await tasks.CreateAsync(RequestOf("first"));
        await server.CreateRegisteredAsync();

        await Should.ThrowAsync<OverloadedException>(server.CreateRegisteredAsync);
        await Should.ThrowAsync<OverloadedException>(() => tasks.CreateAsync(RequestOf("second")));
        (await tasks.CreateAsync(RequestOf("first"))).Run.Id.ShouldBe(first.Run.Id);

        // Other instances count it, too.
        RunAdmission other = new(server.Get<OutboxStore>(), server.Time, new RunAdmissionOptions { MaxWaiting = 2 });
        await Should.ThrowAsync<OverloadedException>(other.AdmitAsync().AsTask());

        // Once it is started there is a place again.
        var start = (await server.OutboxAsync()).Single(entry => entry.Kind == OutboxKind.BackgroundTask);
        await server.Get<OutboxStore>().DeleteAsync(start);
        server.Time.Advance(TimeSpan.FromSeconds(5));
        await tasks.CreateAsync(RequestOf("second"));
    }

    /// <summary>The count is what all instances have created, and is taken again when it may have changed.</summary>
    [Fact]
    public async Task Admit_WhatAnotherInstanceCreated_Counts()
    {
        await using var server = await StartAsync(maxWaiting: 2);
        RunAdmission other = new(server.Get<OutboxStore>(), server.Time, new RunAdmissionOptions { MaxWaiting = 2 });
        await other.AdmitAsync();
        await server.CreateRegisteredAsync();
        await server.CreateRegisteredAsync();

        server.Time.Advance(TimeSpan.FromSeconds(5));

        await Should.ThrowAsync<OverloadedException>(other.AdmitAsync().AsTask());
    }

    [Fact]
    public async Task Admit_StoreAway_FailsAndCountsAtTheNextCall()
    {
        await using var server = await StartAsync(maxWaiting: 2);
        RunAdmission admission = new(server.Get<OutboxStore>(), server.Time, new RunAdmissionOptions { MaxWaiting = 2 });
        using CancellationTokenSource cancelled = new();
        await cancelled.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(admission.AdmitAsync(cancelled.Token).AsTask());

        await admission.AdmitAsync();
    }

    private static BackgroundTaskRequest RequestOf(string key) =>
        new()
        {
            TaskKey = "tests.work",
            DynamicKey = key,
            Input = "{}",
        };

    private static Task<TestServer> StartAsync(int maxWaiting) =>
        TestServer.StartAsync(services => services.Configure<RunAdmissionOptions>(options => options.MaxWaiting = maxWaiting));
}
