using Serverless.Core.Filters;
using Serverless.Flows;
using Serverless.Functions.Tests.Fixtures;
using Xunit.Abstractions;

namespace Serverless.Functions.Tests;

/// <summary>The process dies after each commit in turn; what the next one makes of it must not depend on which.</summary>
public abstract class CrashesAtEveryCommit(ITestOutputHelper output)
{
    private protected const string Body = "body";

    private protected static int Fail() => throw new InvalidOperationException("the first attempt fails");

    /// <summary>Runs a flow with a crash at its first commit, then with one at its second, and so on.</summary>
    /// <returns>How many commits a run has.</returns>
    private protected async Task<int> CrashEverywhereAsync(
        string flow,
        Func<FlowContext, Task<int>> body,
        Func<EmbeddedApp, Guid, Task> verify,
        Func<EmbeddedApp, Task>? settle = null,
        Action<EmbeddedApp>? begin = null,
        Type? flows = null
    )
    {
        foreach (var commit in TestRows.Crashes())
        {
            output.WriteLine($"Crash at commit {commit}.");
            await using var app = await EmbeddedApp.StartAsync(flows: flows);
            app.Probe.Bodies[Body] = body;
            app.Probe.Open("open");
            app.Probe.Open("hook");
            begin?.Invoke(app);
            app.Store.CrashAfter = app.Store.Commits + commit;
            var creation = app.CreateAsync(flow, Body);
            if (
                await Task.WhenAny(creation, app.WhenCrashedAsync()) == creation
                && await app.DriveToCrashAsync(await creation) is { } ended
            )
            {
                await Task.WhenAny(SettleAsync(app, ended.Id, settle), app.WhenCrashedAsync());
            }

            var crashed = app.Store.Survive();
            if (crashed)
            {
                await app.RestartAsync(TimeSpan.FromSeconds(1));
            }

            var run = (await app.Runs.FilterAsync(new FlowRunQuery { Sort = FlowRunSort.ExpectedStartTimeAsc }))[0];
            await app.DriveAsync(run.Id);
            await app.ShouldSettleAsync(run.Id);
            await verify(app, run.Id);
            if (!crashed)
            {
                return commit - 1;
            }
        }

        throw new InvalidOperationException("The commits do not end.");
    }

    private static async Task SettleAsync(EmbeddedApp app, Guid id, Func<EmbeddedApp, Task>? further)
    {
        await app.ShouldSettleAsync(id);
        if (further is not null)
        {
            await further(app);
        }
    }
}
