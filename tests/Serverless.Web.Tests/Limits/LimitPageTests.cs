using System.Net.Http.Json;
using Serverless.Core.States;
using Serverless.Server.Concurrency;
using Serverless.Server.Tests.Concurrency;

namespace Serverless.Web.Tests.Limits;

public sealed class LimitPageTests
{
    private const string Hostile = "<script>alert(1)</script>\u202Eevil 🐙";

    [Fact]
    public async Task List_WithoutLimits_HasALineToPaste()
    {
        await using var server = await WebServer.StartAsync();

        (await server.PageAsync("/concurrency-limits")).ShouldContain("/api/v2/concurrency_limits/");
        (await server.PageAsync("/concurrency-limits?q=x")).ShouldContain("No limit matches.");
    }

    [Fact]
    public async Task Create_Limits_ForwardsToThemAndListsThemByKind()
    {
        await using var server = await WebServer.StartAsync();
        await server.Get<ConcurrencyLimits>().SetDeploymentLimitAsync(server.Registered.Id, 2);

        (await CreateAsync(("kind", "tag"), ("name", "data"), ("limit", "3"))).ShouldBe(204);
        (await CreateAsync(("kind", "named"), ("name", "rate"), ("limit", "3"), ("decay", "0.5"))).ShouldBe(204);

        var limit = await server.Get<ConcurrencyLimits>().GetAsync("tag:data", default);
        limit.ShouldNotBeNull().Limit.ShouldBe(3);
        var html = await server.PageAsync("/concurrency-limits");
        html.ShouldContain("0 of 3");
        html.ShouldContain($"/{server.Registered.Name}</a>");
        html.ShouldContain("0.5");
        var tags = await server.PageAsync("/concurrency-limits?kind=tag");
        tags.ShouldContain(">data</a>");
        tags.ShouldNotContain(">rate</a>");

        async Task<int> CreateAsync(params (string, string)[] fields) =>
            (await server.ActAsync("/concurrency-limits", "/act/concurrency-limits", fields)).Status;
    }

    [Theory]
    [InlineData("named", "a/b", "1", "", 422)]
    [InlineData("named", "", "1", "", 422)]
    [InlineData("named", "x", "-1", "", 422)]
    [InlineData("named", "x", "many", "", 422)]
    [InlineData("named", "x", "1", "NaN", 422)]
    [InlineData("named", "deployment:x", "1", "", 422)]
    [InlineData("tag", "taken", "1", "", 409)]
    public async Task Create_WhatCannotBe_SaysWhy(string kind, string name, string limit, string decay, int status)
    {
        await using var server = await WebServer.StartAsync();
        await server.Get<ConcurrencyLimits>().SetTagLimitAsync("taken", 1);

        var (answered, html) = await server.ActAsync(
            "/concurrency-limits",
            "/act/concurrency-limits",
            ("kind", kind),
            ("name", name),
            ("limit", limit),
            ("decay", decay)
        );

        answered.ShouldBe(status, html);
        html.ShouldContain("role=\"alert\"");
    }

    [Fact]
    public async Task Change_SwitchAndDelete_DoWhatTheySay()
    {
        await using var server = await WebServer.StartAsync();
        var limits = server.Get<ConcurrencyLimits>();
        var id = (await limits.CreateAsync("old", new LimitChanges(1), default)).Id;
        var page = $"/concurrency-limits/{id}";

        (await ActAsync("update", ("name", "new"), ("limit", "7"), ("decay", "0"))).ShouldBe(200);
        (await ActAsync("switch", ("active", "false"))).ShouldBe(200);

        var limit = (await limits.GetAsync(id, default)).ShouldNotBeNull();
        (limit.Name, limit.Limit, limit.Active).ShouldBe(("new", 7, false));
        (await server.PageAsync(page)).ShouldContain("It is switched off");
        (await ActAsync("delete")).ShouldBe(204);
        await server.PageAsync(page, 404);

        async Task<int> ActAsync(string action, params (string, string)[] fields) =>
            (await server.ActAsync(page, $"/act/concurrency-limit/{id}/{action}", fields)).Status;
    }

    [Fact]
    public async Task Read_SlotsOfARunAndOfAClient_ShowsWhoAndReleasesThem()
    {
        await using var server = await WebServer.StartAsync();
        var limits = server.Get<ConcurrencyLimits>();
        await limits.SetDeploymentLimitAsync(server.Registered.Id, 1);
        var run = await server.ScheduleAsync();
        await server.BeginAsync(run.Id);
        var waiting = await server.ScheduleAsync();
        var refused = (await server.BeginAsync(waiting.Id)).State.ShouldNotBeNull();
        var own = (await limits.GetAsync(ConcurrencyKeys.NameOfDeployment(server.Registered.Id), default)).ShouldNotBeNull();
        await limits.CreateAsync("shared", new LimitChanges(5), default);
        using var taken = await server.Http.PostAsJsonAsync(
            new Uri("/api/v2/concurrency_limits/increment-with-lease", UriKind.Relative),
            new { names = new[] { "shared" }, slots = 2 }
        );
        taken.EnsureSuccessStatusCode();
        var shared = (await limits.GetAsync("shared", default)).ShouldNotBeNull();

        await limits.Queue.EnterAsync([own], new SlotOwner(waiting.Id), refused, "instance", default);
        (await server.PageAsync($"/concurrency-limits/{own.Id}")).ShouldContain(waiting.Name);
        var why = await server.PageAsync($"/runs/flow-run/{waiting.Id}");
        why.ShouldContain($"href=\"/concurrency-limits/{own.Id}\"");
        why.ShouldContain("1 of 1 are taken, 0 wait before it.");
        await ShouldReleaseAsync(own.Id, own.Slots.Single().LeaseId, run.Name);
        await ShouldReleaseAsync(shared.Id, shared.Slots.Single().LeaseId, "client");

        async Task ShouldReleaseAsync(Guid id, Guid lease, string holder)
        {
            var page = $"/concurrency-limits/{id}";
            (await server.PageAsync(page)).ShouldContain(holder);
            var action = $"/act/concurrency-limit/{id}/release";
            (await server.ActAsync(page, action, ("lease", $"{lease}"))).Status.ShouldBe(200);
            (await server.ActAsync(page, action, ("lease", $"{lease}"))).Status.ShouldBe(404);
            (await limits.GetAsync(id, default))!.Slots.ShouldNotContain(slot => slot.LeaseId == lease);
        }
    }

    [Fact]
    public async Task Release_OfARunsSlot_LetsTheRunEndAndAnotherTakeTheSlot()
    {
        await using var server = await WebServer.StartAsync();
        var limits = server.Get<ConcurrencyLimits>();
        await limits.SetDeploymentLimitAsync(server.Registered.Id, 1);
        var first = await server.ScheduleAsync();
        await server.BeginAsync(first.Id);
        var limit = (await limits.GetAsync(server.DeploymentLimit(), default)).ShouldNotBeNull();

        (await limits.ReleaseAsync(limit.Id, limit.Slots.Single().LeaseId, default)).ShouldBeTrue();
        var second = await server.ScheduleAsync();
        (await server.BeginAsync(second.Id)).IsAccepted.ShouldBeTrue();
        await server.EndAsync(first.Id);

        (await server.Runs.GetAsync(second.Id)).ShouldNotBeNull().StateType.ShouldBe(StateType.Running);
        (await limits.GetAsync(limit.Id, default))!.Slots.ShouldHaveSingleItem().Owner.RunId.ShouldBe(second.Id);
    }

    [Fact]
    public async Task Names_ThatAreHostile_AreText()
    {
        await using var server = await WebServer.StartAsync();
        var id = (await server.Get<ConcurrencyLimits>().CreateAsync(Hostile + new string('x', 10_000), new LimitChanges(1), default)).Id;

        foreach (var path in new[] { "/concurrency-limits", $"/concurrency-limits/{id}", "/dashboard" })
        {
            var html = await server.PageAsync(path);
            html.ShouldNotContain("<script>alert");
            html.ShouldContain("&lt;script&gt;alert");
        }
    }
}
