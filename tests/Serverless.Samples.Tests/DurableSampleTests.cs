using Serverless.Flows;
using Serverless.Flows.Testing;
using Shouldly;
using Xunit;

namespace Serverless.Samples.Tests;

/// <summary>The samples on the whole app, as an author would test them.</summary>
public sealed class DurableSampleTests
{
    [Fact]
    public async Task Sleepy_ADay_IsSlept()
    {
        await using var host = await FlowTestHost.StartAsync(flows => flows.AddSampleFlows(), services => services.AddSampleServices());
        var start = host.Now;

        var run = await host.RunAsync(SleepyFlow.Run, new { seconds = 86_400 });

        run.MustBeCompleted().Result<double>().ShouldBe(86_400);
        (host.Now - start).ShouldBe(TimeSpan.FromDays(1));
        (await run.LogsAsync()).Select(line => line.Message).ShouldBe(["Sleeping for 86400 seconds"]);
    }

    [Fact]
    public async Task Invite_Ended_LeavesItsTaskRunsInTheBackground()
    {
        await using var host = await FlowTestHost.StartAsync(flows => flows.AddSampleFlows(), services => services.AddSampleServices());
        var start = host.Now;

        var run = await host.RunAsync(InviteFlow.Run, new { guest = "Grace", remind_after_seconds = 3600 });

        host.Now.ShouldBe(start);
        var runs = run.MustBeCompleted().Result<Guid[]>();
        (await host.WaitForBackgroundTaskAsync(runs[0])).Result<string>().ShouldBe("invitation for Grace");
        (await host.WaitForBackgroundTaskAsync(runs[1])).Result<string>().ShouldBe("reminder for Grace");
        (host.Now - start).ShouldBe(TimeSpan.FromHours(1));
    }

    [Fact]
    public async Task Approval_CrashWhilePaused_TakesTheDecisionAllTheSame()
    {
        await using var host = await FlowTestHost.StartAsync(flows => flows.AddSampleFlows(), services => services.AddSampleServices());
        var run = await host.StartRunAsync(ApprovalFlow.Run, new { amount = 12.5m });
        await run.WhenPausedAsync();

        await host.CrashAsync();
        await run.ResumeAsync(new Approval(Approved: true, "fine"));
        await run.WaitAsync();

        run.MustBeCompleted().Result<Approval>().ShouldBe(new Approval(Approved: true, "fine"));
    }

    [Fact]
    public async Task Approval_NobodyAnswers_Fails()
    {
        await using var host = await FlowTestHost.StartAsync(flows => flows.AddSampleFlows(), services => services.AddSampleServices());
        var run = await host.StartRunAsync(ApprovalFlow.Run, new { amount = 12.5m });
        await run.WhenPausedAsync();

        await run.ExpirePauseAsync();
        await run.WaitAsync();

        run.MustBe("Failed");
    }

    [Fact]
    public async Task Flaky_FirstAttemptsFail_IsTriedAgainAfterItsDelays()
    {
        await using var host = await FlowTestHost.StartAsync(flows => flows.AddSampleFlows(), services => services.AddSampleServices());
        var start = host.Now;

        var run = await host.RunAsync("flaky", new { failures = 2, delay_seconds = 600 });

        run.MustBeCompleted();
        (host.Now - start).ShouldBe(TimeSpan.FromMinutes(20));
        (await run.TaskRunsAsync())
            .ShouldHaveSingleItem()
            .States.MustBe("Pending", "Running", "AwaitingRetry", "Retrying", "AwaitingRetry", "Retrying", "Completed");
    }

    [Fact]
    public async Task Chain_CrashAtEachStep_EndsTheSame()
    {
        var steps = await CrashTest.RunAsync(
            flows => flows.AddSampleFlows(),
            host => host.RunAsync("chain", new { length = 2 }),
            services => services.AddSampleServices()
        );

        steps.ShouldBeGreaterThan(5);
    }

    [Fact]
    public async Task Rates_WithinAnHour_LooksARateUpOnce()
    {
        await using var host = await FlowTestHost.StartAsync(flows => flows.AddSampleFlows(), services => services.AddSampleServices());

        await ConvertAsync("Pending", "Running", "Completed");
        await ConvertAsync("Pending", "Cached");
        await host.AdvanceAsync(TimeSpan.FromHours(1));
        await ConvertAsync("Pending", "Running", "Completed");
        await ConvertWithAsync(refresh: true, "Pending", "Running", "Completed");

        async Task ConvertWithAsync(bool refresh, params string[] states)
        {
            var run = await host.RunAsync("rates", new { amount = 200m, refresh });
            run.MustBeCompleted().Result<decimal>().ShouldBe(174);
            (await run.TaskRunsAsync()).ShouldHaveSingleItem().States.MustBe(states);
        }

        Task ConvertAsync(params string[] states) => ConvertWithAsync(refresh: false, states);
    }

    [Fact]
    public async Task OneTimeCode_Code_IsNotKept()
    {
        await using var host = await FlowTestHost.StartAsync(flows => flows.AddSampleFlows(), services => services.AddSampleServices());

        var run = await host.RunAsync("one-time-code");

        run.MustBeCompleted().Result<string>().ShouldBe("a code of 6 digits");
        var made = (await run.TaskRunsAsync()).Single(task => task.Task == "make");
        Should.Throw<MissingResultException>(() => made.Result<string>());
    }

    [Fact]
    public async Task Numbers_AMillion_GoFromTaskToTaskThroughTheStorage()
    {
        var folder = Directory.CreateTempSubdirectory("serverless-samples");
        try
        {
            await using var host = await FlowTestHost.StartAsync(
                flows => flows.AddSampleFlows(),
                services => services.AddSampleServices(_ => new FileResultStorage(folder.FullName))
            );

            (await host.RunAsync("numbers")).MustBeCompleted().Result<long>().ShouldBe(500_000_500_000);

            folder.GetFiles("*", SearchOption.AllDirectories).ShouldHaveSingleItem().Directory!.Name.ShouldBe("numbers");

            (await host.RunAsync("number-list", new { count = 3 })).MustBeCompleted().Result<int[]>().ShouldBe([1, 2, 3]);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Notify_EvenNumber_TellsTheBeginningAndTheEnd()
    {
        await using var host = await FlowTestHost.StartAsync(flows => flows.AddSampleFlows(), services => services.AddSampleServices());

        var run = await host.RunAsync(NotifyFlow.Run, new { number = 6 });

        run.MustBeCompleted().Result<int>().ShouldBe(3);
        (await run.LogsAsync())
            .Select(line => line.Message)
            .ShouldBe(["Begins with {\"number\":6}", "The flow ended as Completed with 3"], ignoreOrder: true);
    }

    [Fact]
    public async Task Notify_CrashAtEachStep_TellsTheFailureOfTaskAndFlow()
    {
        var steps = await CrashTest.RunAsync(
            flows => flows.AddSampleFlows(),
            async host =>
            {
                var run = await host.RunAsync(NotifyFlow.Run, new { number = 5 });
                run.MustBe("Failed");
                var lines = (await run.LogsAsync()).Select(line => line.Message).ToList();
                lines.ShouldContain("The flow ended as Failed with Serverless.Flows.FailedRunException");
                lines
                    .Where(line => line.StartsWith("Task run halve-0 ended as Failed(", StringComparison.Ordinal))
                    .Distinct()
                    .ShouldHaveSingleItem();
                return run;
            },
            services => services.AddSampleServices()
        );

        steps.ShouldBeGreaterThan(10);
    }

    [Fact]
    public async Task Trip_WithRooms_IsConfirmed()
    {
        await using var host = await FlowTestHost.StartAsync(flows => flows.AddSampleFlows(), services => services.AddSampleServices());

        var run = await host.RunAsync(TripFlow.Run, new { nights = 2 });

        run.MustBeCompleted().Result<string[]>().ShouldBe(["flight", "room for night 1", "room for night 2"]);
        (await run.LogsAsync()).Select(line => line.Message).ShouldBe(["Confirmed: flight"]);
    }

    [Fact]
    public async Task Trip_CrashAtEachStepWithoutARoom_UndoesFlightAndRoom()
    {
        var steps = await CrashTest.RunAsync(
            flows => flows.AddSampleFlows(),
            async host =>
            {
                var run = await host.RunAsync(TripFlow.Run, new { nights = 2, free = 1 });
                var undone = (await run.LogsAsync())
                    .Select(line => line.Message)
                    .Where(line => line.StartsWith("Undone", StringComparison.Ordinal));
                undone.ShouldContain(line => line.EndsWith(": flight", StringComparison.Ordinal));
                undone.ShouldContain(line => line.EndsWith(": room for night 1", StringComparison.Ordinal));
                return run;
            },
            services => services.AddSampleServices()
        );

        steps.ShouldBeGreaterThan(15);
    }

    [Fact]
    public async Task Lake_OfADay_RecordsBothTables()
    {
        await using var host = await FlowTestHost.StartAsync(flows => flows.AddSampleFlows(), services => services.AddSampleServices());

        var run = await host.RunAsync(LakeFlow.RunAsync, new { day = "2026-11-03" });

        run.State.Result<decimal>().ShouldBe(60);
    }

    [Fact]
    public async Task Charge_OfOneOrderByTwoRuns_IsMadeOnce()
    {
        await using var host = await FlowTestHost.StartAsync(flows => flows.AddSampleFlows(), services => services.AddSampleServices());

        var first = await host.RunAsync(ChargeFlow.Run, new { order = "7" });
        await host.CrashAsync();
        var second = await host.RunAsync(ChargeFlow.Run, new { order = "7", amount = 20 });
        var other = await host.RunAsync(ChargeFlow.Run, new { order = "8" });

        var receipt = first.MustBeCompleted().Result<string>().ShouldNotBeNull();
        receipt.ShouldStartWith("order 7, 10.00, receipt ");
        second.MustBeCompleted().Result<string>().ShouldBe(receipt);
        other.MustBeCompleted().Result<string>().ShouldNotBe(receipt);
    }

    [Fact]
    public async Task Adder_NumbersOfAClientAndAFlow_AreAddedAndAnswered()
    {
        await using var host = await FlowTestHost.StartAsync(flows => flows.AddSampleFlows(), services => services.AddSampleServices());
        var adder = await host.StartRunAsync(AdderFlow.Run, new { count = 2 });

        await adder.SendInputAsync(1.5m);
        await host.CrashAsync();
        var other = await host.RunAsync(AdderFlow.AddTo, new { adder = adder.Id, number = 2 });
        await adder.WaitAsync();

        other.MustBeCompleted().Result<decimal>().ShouldBe(3.5m);
        adder.MustBeCompleted().Result<decimal>().ShouldBe(3.5m);
    }

    [Fact]
    public async Task Adder_NobodySends_Fails()
    {
        await using var host = await FlowTestHost.StartAsync(flows => flows.AddSampleFlows(), services => services.AddSampleServices());

        var run = await host.RunAsync(AdderFlow.Run);

        run.MustBe("Failed");
        run.State.ErrorType.ShouldBe(typeof(TimeoutException).FullName);
    }
}
