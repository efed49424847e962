using Serverless.Flows.Testing.Tests.Fixtures;

namespace Serverless.Flows.Testing.Tests;

public sealed class TaskStubTests
{
    private static readonly string[] Items = ["a", "bb"];

    private static Task<FlowTestHost> StartAsync() => FlowTestHost.StartAsync(flows => flows.AddFlows(typeof(Orders)), Changing.Services);

    [Fact]
    public async Task Runs_Delegate_TakesTheTasksPlaceAndItsArguments()
    {
        await using var host = await StartAsync();
        var price = host.Stub("Orders.Price").Runs((string item, TaskCall call) => item.Length * 10m * call.Attempt);

        var run = await host.RunAsync(Orders.Run, new { items = Items });

        run.MustBeCompleted().Result<decimal>().ShouldBe(30);
        price.MustBeCalled(2);
        price.Calls.Select(call => call.Argument<string>("item")).Order().ShouldBe(Items);
    }

    [Fact]
    public async Task Throws_EveryTime_FailsTheRunAfterItsRetries()
    {
        await using var host = await StartAsync();
        var charge = host.Stub(Orders.Charge).Throws(new InvalidOperationException("No money."));

        var run = await host.RunAsync(Orders.Run, new { items = Items });

        run.MustBe("Failed", "No money.");
        charge.MustBeCalled(4);
        var task = (await run.TaskRunsAsync())[0].MustBe("Failed", "No money.");
        task.States.MustBe(
            "Pending",
            "Running",
            "AwaitingRetry",
            "Retrying",
            "AwaitingRetry",
            "Retrying",
            "AwaitingRetry",
            "Retrying",
            "Failed"
        );
    }

    [Fact]
    public async Task Steps_OneAfterTheOther_AreTakenInOrderAndThenTheOwnCode()
    {
        await using var host = await StartAsync();
        host.Stub(Orders.Price).Returns(5m, times: 1);

        (await host.RunAsync(Orders.Run, new { items = new[] { "a" } })).Result<decimal>().ShouldBe(5);
        (await host.RunAsync(Orders.Run, new { items = new[] { "a" } })).Result<decimal>().ShouldBe(1);
    }

    [Fact]
    public async Task Returns_ValueOfAnotherType_IsRefusedAtOnce()
    {
        await using var host = await StartAsync();

        var error = Should.Throw<ArgumentException>(() => host.Stub(Orders.Price).Returns("much"));

        error.Message.ShouldContain("The stub of task 'price' returns String, but the task returns Decimal.");
    }

    [Fact]
    public async Task Runs_UnknownParameter_IsRefusedAtOnce()
    {
        await using var host = await StartAsync();

        var error = Should.Throw<ArgumentException>(() => host.Stub(Orders.Price).Runs((int count) => 1m));

        error.Message.ShouldContain("takes 'Int32 count', which the task does not have; it has: String item.");
    }

    [Fact]
    public async Task Stub_UnknownName_NamesTheTasks()
    {
        await using var host = await StartAsync();

        Should.Throw<ArgumentException>(() => host.Stub("nothing")).Message.ShouldContain("sum-prices");
    }

    [Fact]
    public async Task MustBeCompleted_FailedRun_SaysInWhichStateItIs()
    {
        await using var host = await StartAsync();
        host.Stub(Orders.Price).Throws(new InvalidOperationException("No price."));
        var run = await host.RunAsync(Orders.Run, new { items = Items });

        var error = Should.Throw<FlowTestException>(() => run.MustBeCompleted());

        error.Message.ShouldStartWith($"Run {run.Id} of flow 'order' is Failed(");
        error.Message.ShouldContain("No price.");
        error.Message.ShouldEndWith("expected Completed.");
    }
}
