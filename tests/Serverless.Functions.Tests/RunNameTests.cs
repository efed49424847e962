using Serverless.Core.Models;
using Serverless.Flows;
using Serverless.Functions.Tests.Fixtures;
using Serverless.Server.Flows;

namespace Serverless.Functions.Tests;

/// <summary>Names of runs that declarations make from their parameters.</summary>
public sealed class RunNameTests
{
    [Fact]
    public async Task Runs_WithTemplates_AreNamedAfterTheirParameters()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var id = await app.RunAsync(async flow =>
        {
            await flow.RunAsync((Work work) => work.NamedAsync(7));
            await flow.RunAsync((Work work) => work.NamedAsync(8), new CallOptions { RunName = "given" });
            await flow.Map([1, 2], (Work work, int number) => work.NamedAsync(number));
            return await flow.RunAsync(() => Scripts.Label(12));
        });
        await app.WhenFinalAsync(id);

        (await app.TaskRunsAsync(id)).Select(run => run.Name).Order().ShouldBe(["given", "labelled-0", "no. 1", "no. 2", "no. 7"]);
        (await app.SubflowsAsync(id)).ShouldHaveSingleItem().Name.ShouldBe("label 012");
    }

    [Theory]
    [InlineData(null, "label 003")]
    [InlineData("mine", "mine")]
    public async Task FlowRun_OfTheApi_IsNamedUnlessItIsGivenAName(string? given, string name)
    {
        await using var app = await EmbeddedApp.StartAsync();
        var flow = await app.Get<FlowService>().GetAsync("labelled");

        var created = await app.Runs.CreateAsync(new FlowRunCreate { FlowId = flow!.Id, Name = given });

        created.Run.Name.ShouldBe(name);
    }
}
