using System.Text.Json.Nodes;
using Serverless.FunctionApp.Tests.Fixtures;
using Serverless.Testing;

namespace Serverless.FunctionApp.Tests;

/// <summary>What host and worker tell each other before the first invocation, and at the end.</summary>
[Collection(WorkerCollection.Name)]
public sealed class WorkerStartTests(WorkerFixture fixture)
{
    [WorkerFact]
    public void Connect_SaysWhichWorkerItIs() => ((string)fixture.Worker.Connected["workerId"]!).ShouldBe(fixture.Worker.Id);

    [WorkerFact]
    public void Initialize_SaysWhatItCan()
    {
        var capabilities = fixture.Worker.Initialized["capabilities"]!;

        ((string)fixture.Worker.Initialized["result"]!["status"]!).ShouldBe("Success");
        ((string)capabilities["HandlesWorkerTerminateMessage"]!).ShouldBe("True");
        ((string)capabilities["HandlesInvocationCancelMessage"]!).ShouldBe("True");
        new Uri((string)capabilities["HttpUri"]!).IsLoopback.ShouldBeTrue();
        capabilities["WorkerOpenTelemetryEnabled"].ShouldBeNull("no Application Insights is set up");
    }

    [WorkerFact]
    public async Task Initialize_WithApplicationInsights_SaysThatItSendsItsOwnTelemetry()
    {
        await using var worker = await RunningWorker.StartAsync(
            fixture.Azurite.ConnectionString,
            "InstrumentationKey=00000000-0000-0000-0000-000000000000;IngestionEndpoint=http://127.0.0.1:9/"
        );

        ((string)worker.Initialized["capabilities"]!["WorkerOpenTelemetryEnabled"]!).ShouldBe(bool.TrueString);
    }

    [WorkerFact]
    public void Metadata_IsWhatTheFunctionClassesDeclare()
    {
        ((string)fixture.Worker.Indexed["result"]!["status"]!).ShouldBe("Success");
        ((bool)fixture.Worker.Indexed["useDefaultMetadataIndexing"]!).ShouldBeFalse();
        fixture
            .Worker.Functions.Values.Select(FunctionTexts.Of)
            .Order(StringComparer.Ordinal)
            .ShouldBe(FunctionTexts.Declared.Order(StringComparer.Ordinal));
    }

    [WorkerFact]
    public void Load_OfEachFunction_Succeeds()
    {
        fixture.Worker.Loaded.Count.ShouldBe(FunctionTexts.Declared.Count());
        fixture.Worker.Loaded.Where(function => (string)function.Value["result"]!["status"]! != "Success").ShouldBeEmpty();
    }

    [WorkerFact]
    public async Task Terminate_EndsWith0AndNothingToComplainOf()
    {
        await using var worker = await RunningWorker.StartAsync(fixture.Azurite.ConnectionString);

        (await worker.TerminateAsync()).ShouldBe(0);

        worker.Logs.ShouldNotBeEmpty();
        worker.Logs.Where(log => (string)log["level"]! is "Warning" or "Error" or "Critical").ShouldBeEmpty();
    }

    [Fact]
    public async Task Start_StorageThatIsNone_EndsWith1AndOneLine()
    {
        await using WorkerProcess process = WorkerProcess.Start(
            PublishedApp.Ours,
            new Uri("http://127.0.0.1:9"),
            "worker",
            storage: "none"
        );

        (await process.Exited.WaitAsync(Waiting.Patience)).ShouldBe(1);

        process.Output.Trim().Split('\n').ShouldHaveSingleItem().ShouldContain("connection string");
    }

    [WorkerFact]
    public async Task Start_PasswordWithoutItsForm_EndsWith1AndOneLineWithoutIt()
    {
        await using var process = WorkerProcess.Start(
            PublishedApp.Ours,
            new Uri("http://127.0.0.1:9"),
            "worker",
            fixture.Azurite.ConnectionString,
            settings: new Dictionary<string, string?> { ["ApiAuth"] = "s3cret" }
        );

        (await process.Exited.WaitAsync(Waiting.Patience)).ShouldBe(1);

        process.Output.Trim().Split('\n').ShouldHaveSingleItem().ShouldContain("ApiAuth must have the form user:password");
        process.Output.ShouldNotContain("s3cret");
    }
}
