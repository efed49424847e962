using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Core.Models;
using Serverless.Server.Deployments;
using Serverless.Server.Flows;
using Serverless.Storage.Sqlite;

namespace Serverless.Benchmarks.Queries;

/// <summary>
/// Many runs of thirty days on SQLite, stored without executing them: SERVERLESS_BENCHMARK_RUNS flow runs (100,000), each with five task
/// runs. SERVERLESS_BENCHMARK_DATA names a folder that keeps them.
/// </summary>
internal static class ManyRuns
{
    private const int Flows = 20;
    private const int Deployments = 50;

    /// <summary>How many flow runs there are.</summary>
    public static int Count =>
        int.TryParse(Environment.GetEnvironmentVariable("SERVERLESS_BENCHMARK_RUNS"), out var given) ? given : 100_000;

    /// <summary>The folder of the data.</summary>
    public static string FolderOf(string folder) =>
        Directory.CreateDirectory(Environment.GetEnvironmentVariable("SERVERLESS_BENCHMARK_DATA") ?? folder).FullName;

    /// <summary>Stores the runs, unless they are there; one of their flows and one of their deployments.</summary>
    /// <param name="store">The store.</param>
    /// <param name="provider">The services on it.</param>
    /// <param name="path">Its database.</param>
    public static async Task<(Guid Flow, Guid Deployment)> EnsureAsync(SqliteRowStore store, IServiceProvider provider, string path)
    {
        var flows = provider.GetRequiredService<FlowService>();
        var deployments = provider.GetRequiredService<DeploymentService>();
        var isFilled = await flows.GetAsync("flow-0", CancellationToken.None) is not null;
        List<Guid> flowIds = [];
        List<Guid> deploymentIds = [];
        for (var index = 0; index < Deployments; index++)
        {
            var name = $"flow-{index % Flows}";
            flowIds.Add((await flows.CreateAsync(new FlowCreate { Name = name })).Flow.Id);
            var deployment = await deployments.EnsureDeploymentAsync(
                new DeploymentSpec
                {
                    FlowName = name,
                    Name = $"deployment-{index}",
                    ParameterSchemaJson = "{}",
                }
            );
            deploymentIds.Add(deployment.Id);
        }

        if (!isFilled)
        {
            await FillAsync(store, new RunFactory([.. flowIds.Distinct()], [.. deploymentIds], DateTimeOffset.UtcNow), Count);
        }

        Console.WriteLine($"on disk            {(double)new FileInfo(path).Length / Count:N0} bytes a flow run with its task runs");
        return (flowIds[0], deploymentIds[0]);
    }

    private static async Task FillAsync(SqliteRowStore store, RunFactory factory, int count)
    {
        var started = Stopwatch.GetTimestamp();
        List<Task> commits = [];
        for (var index = 0; index < count; index++)
        {
            commits.Add(store.CommitAsync(factory.Commit(index, count)).AsTask());
            if (commits.Count == 500)
            {
                await Task.WhenAll(commits);
                commits.Clear();
            }
        }

        await Task.WhenAll(commits);
        Console.WriteLine($"stored runs        {count:N0}, with task runs, in {Stopwatch.GetElapsedTime(started).TotalSeconds:N0} s");
    }
}
