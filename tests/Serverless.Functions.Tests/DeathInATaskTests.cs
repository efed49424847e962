using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Flows;
using Serverless.Functions.Tests.Fixtures;

namespace Serverless.Functions.Tests;

/// <summary>Task code that takes the process with it, again and again.</summary>
public sealed class DeathInATaskTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("serverless-deaths-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Task_ThreeProcessesDiedInIt_CrashesWithoutARetryAndTellsTheFlow()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var id = await app.RunFreeAsync(async flow =>
        {
            var other = await flow.RunAsync((Work work) => work.Do(1));
            try
            {
                await flow.RunAsync((Work work) => work.HoldAsync(2, CancellationToken.None), new CallOptions { Retries = 3 });
            }
            catch (CrashedRunException crashed)
            {
                return crashed.Message;
            }

            return $"{other}";
        });
        await app.WhenExecutedAsync("hold 2");

        // The first process notes nothing; three more die in the task, and the last one knows it.
        for (var death = 1; death <= 3; death++)
        {
            await StartNextAsync(app, death);
            await app.WhenExecutedAsync("hold 2", death + 1);
        }

        await StartNextAsync(app, 4);
        var run = await app.DriveAsync(id);

        run.StateName.ShouldBe(StateNames.Completed);
        (await app.ResultAsync(id))!.ShouldContain(
            "ended as Crashed: Execution was interrupted by an unexpected exception: DiedTooOftenException: The process has died 3 times "
                + "while"
        );
        app.Probe.Count("hold 2").ShouldBe(4);
        app.Probe.Count("do 1").ShouldBe(1);
        (await app.LogsAsync(id)).ShouldContain(line =>
            line.Message.StartsWith(
                "The engine's activity TaskRunActivity has failed after 1 attempt(s) and is not retried",
                StringComparison.Ordinal
            )
        );
        await app.ShouldSettleAsync(id);
    }

    /// <summary>The process dies, and the next one finds the file as it was at that moment.</summary>
    private async Task StartNextAsync(EmbeddedApp app, int number)
    {
        var next = Path.Combine(_folder.FullName, $"{number}");
        if (app.ActivityMarks is { } left)
        {
            File.Copy(left, next);
        }

        app.ActivityMarks = next;
        await app.RestartAsync();
        app.Clock.Advance(TimeSpan.FromSeconds(5));
    }
}
