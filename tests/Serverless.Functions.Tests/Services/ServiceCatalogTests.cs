using System.Reflection;
using Microsoft.Azure.Functions.Worker;
using Serverless.Functions.Hosting;
using Serverless.Functions.Tests.Fixtures;
using Serverless.Server.Services;

namespace Serverless.Functions.Tests.Services;

public sealed class ServiceCatalogTests
{
    [Fact]
    public async Task AddServices_HasEachTimerTrigger_AndNoOther()
    {
        await using var app = await EmbeddedApp.StartAsync();

        var timers = typeof(ServiceCatalog)
            .Assembly.GetTypes()
            .SelectMany(type => type.GetMethods())
            .Where(method => method.GetParameters().Any(parameter => parameter.IsDefined(typeof(TimerTriggerAttribute))))
            .Select(method => method.GetCustomAttribute<FunctionAttribute>()!.Name);

        (await app.Get<ServiceRuns>().ReadAsync()).Select(service => service.Name).ShouldBe(timers, ignoreOrder: true);
    }

    [Fact]
    public async Task Timers_AtTheirTimes_AreRememberedWithTheirNextTime()
    {
        await using var app = await EmbeddedApp.StartAsync(sweep: true, services: true);

        while ((await app.Get<ServiceRuns>().ReadAsync()).Any(service => service.LastRun is null))
        {
            await app.AdvanceToTimerAsync(TimeSpan.FromMinutes(2));
        }

        foreach (var service in await app.Get<ServiceRuns>().ReadAsync())
        {
            service.NextRun.ShouldNotBeNull(service.Name).ShouldBeGreaterThan(service.LastRun!.Value);
            service.LastError.ShouldBeNull(service.Name);
        }
    }
}
