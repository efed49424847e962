using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Serverless.Benchmarks.Cost;
using Serverless.Core.Models;
using Serverless.Server;
using Serverless.Server.Deployments;
using Serverless.Server.Deployments.Scheduling;
using Serverless.Server.Flows;
using Serverless.Storage;
using Serverless.Storage.Azure;
using Serverless.Testing;

namespace Serverless.Benchmarks.Schedules;

/// <summary>
/// What the scheduler asks of a storage account in a day of hourly schedules: a pass every 30 s of a clock that jumps. Only the scheduler's
/// part; what a run itself costs is in the benchmark <c>cost</c>.
/// </summary>
internal static class DayBenchmark
{
    private const int Schedules = 20;
    private static readonly TimeSpan Pass = TimeSpan.FromSeconds(30);

    public static async Task RunAsync()
    {
        if (AzuriteProcess.SkipReason is { } reason)
        {
            Console.WriteLine(reason);
            return;
        }

        await using var azurite = await AzuriteProcess.StartAsync();
        await using var proxy = await CountingProxy.StartAsync(azurite.ConnectionString);
        ManualTimeProvider time = new();
        time.Advance(TimeSpan.FromSeconds(10));
        await using var store = await AzureTableRowStore.OpenAsync(
            AzureStorageAccount.Create(AzureStorageOptions.Parse(proxy.ConnectionString)),
            options: null,
            time,
            NullLogger.Instance
        );
        ServiceCollection services = new();
        services.AddLogging(logging => logging.ClearProviders());
        services.AddSingleton<TimeProvider>(time);
        services.AddSingleton<IRowStore>(store);
        services.AddServerlessServer();
        await using var provider = services.BuildServiceProvider();
        var flow = (await provider.GetRequiredService<FlowService>().CreateAsync(new FlowCreate { Name = "hello" })).Flow;
        provider.GetRequiredService<RegisteredFlows>().Add(new RegisteredFlow(flow.Id, flow.Name, FlowRunPolicy.Empty));
        for (var n = 0; n < Schedules; n++)
        {
            await provider
                .GetRequiredService<DeploymentControl>()
                .CreateAsync(
                    new DeploymentCreate
                    {
                        Name = $"d{n}",
                        FlowId = flow.Id,
                        Schedules = [new() { Schedule = JsonSerializer.SerializeToElement(new { cron = $"{n} * * * *" }) }],
                    }
                );
        }

        var scheduler = provider.GetRequiredService<DeploymentScheduler>();
        var before = proxy.Calls.Count;
        var (created, looks, end) = (0, 0, time.GetUtcNow().AddDays(1));
        for (; time.GetUtcNow() < end; looks++)
        {
            time.Advance(Pass);
            created += await scheduler.RunAsync();
        }

        StorageBill bill = new(proxy.Calls.Skip(before));
        var each = (bill.Tables - looks) / (double)created;
        Console.WriteLine(
            $"a day on an account {Schedules} hourly schedules: {created} runs created, {looks:N0} passes, {bill.Tables:N0} table "
                + $"requests: one a pass and {each:N1} a run; of 1,000 schedules {looks + (each * 24_000):N0}"
        );
        bill.PrintKinds(created);
    }
}
