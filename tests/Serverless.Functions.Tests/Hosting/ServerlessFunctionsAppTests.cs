using System.Reflection;
using System.Text.Json;
using Microsoft.Azure.Functions.Worker;
using Serverless.Functions.Hosting;

namespace Serverless.Functions.Tests.Hosting;

/// <summary>The app without a Functions host, and the settings that it finds there.</summary>
public sealed class ServerlessFunctionsAppTests
{
    [Fact]
    public async Task RunAsync_NotStartedByTheFunctionsHost_IsExitCode1() =>
        (await ServerlessFunctionsApp.RunAsync([], flows => { })).ShouldBe(1);

    [Fact]
    public void LocalSettingsExample_EverySettingThatAFunctionNames_IsThere()
    {
        string[] named =
        [
            .. typeof(ServerlessFunctionsApp)
                .Assembly.GetTypes()
                .SelectMany(type => type.GetMethods())
                .SelectMany(method => method.GetParameters())
                .Select(parameter => parameter.GetCustomAttribute<TimerTriggerAttribute>()?.Schedule)
                .OfType<string>()
                .Where(schedule => schedule.StartsWith('%'))
                .Select(schedule => schedule.Trim('%')),
        ];
        using var example = JsonDocument.Parse(File.ReadAllText(Path.Combine(Root(), "local.settings.json.example")));

        named.ShouldNotBeEmpty();
        named.Except(example.RootElement.GetProperty("Values").EnumerateObject().Select(setting => setting.Name)).ShouldBeEmpty();
    }

    private static string Root()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Serverless.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new DirectoryNotFoundException("There is no Serverless.sln above the tests.");
    }
}
