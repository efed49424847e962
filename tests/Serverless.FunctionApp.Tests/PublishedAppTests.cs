using System.Text.Json.Nodes;
using Serverless.FunctionApp.Tests.Fixtures;

namespace Serverless.FunctionApp.Tests;

/// <summary>The files of the published app that the Functions host reads before it starts the worker.</summary>
public sealed class PublishedAppTests
{
    [Fact]
    public void WorkerConfig_NamesTheApp()
    {
        var description = Read("worker.config.json")["description"]!;

        ((string)description["language"]!).ShouldBe("dotnet-isolated");
        ((string)description["defaultExecutablePath"]!).ShouldBe("dotnet");
        ((string)description["defaultWorkerPath"]!).ShouldBe("Serverless.FunctionApp.dll");
        File.Exists(PublishedApp.Ours.File("Serverless.FunctionApp.dll")).ShouldBeTrue();
        File.Exists(PublishedApp.Ours.File("Serverless.FunctionApp.runtimeconfig.json")).ShouldBeTrue();
    }

    [Fact]
    public void Extensions_OfTheHost_AreThere()
    {
        JsonNode[] extensions = [.. Read("extensions.json")["extensions"]!.AsArray().Select(extension => extension!)];

        extensions.Select(extension => (string)extension["name"]!).Intersect(["AzureStorageQueues", "DurableTask"]).Count().ShouldBe(2);
        foreach (var extension in extensions)
        {
            File.Exists(PublishedApp.Ours.File((string)extension["hintPath"]!)).ShouldBeTrue($"{extension}");
        }
    }

    [Fact]
    public void HostJson_IsThatOfTheRepository() =>
        ((string)Read("host.json")["extensions"]!["durableTask"]!["hubName"]!).ShouldBe("Serverless");

    [Fact]
    public void HostJson_WorkOfAKilledHost_WaitsAMinute()
    {
        var storage = Read("host.json")["extensions"]!["durableTask"]!["storageProvider"]!;

        ((string)storage["controlQueueVisibilityTimeout"]!).ShouldBe("00:01:00");
        ((string)storage["workItemQueueVisibilityTimeout"]!).ShouldBe("00:01:00");
    }

    [Fact]
    public void HostJson_RequestsToStorage_AreNotLogged()
    {
        var levels = Read("host.json")["logging"]!["logLevel"]!;

        ((string)levels["default"]!).ShouldBe("Warning");
        ((string)levels["Azure.Core"]!).ShouldBe("Error");
    }

    /// <summary>
    /// The queue extension asks for a version of it that not every host of today has, and the Worker SDK would leave it out.
    /// </summary>
    [Fact]
    public void Extensions_AssemblyThatAHostMayLack_IsPublished() =>
        File.Exists(PublishedApp.Ours.File(Path.Combine(".azurefunctions", "System.Memory.Data.dll"))).ShouldBeTrue();

    [Fact]
    public void FunctionsMetadata_NamesEveryFunction() =>
        Read("functions.metadata")
            .AsArray()
            .Select(function => (string)function!["name"]!)
            .Order()
            .ShouldBe(FunctionTexts.Declared.Select(function => function[..function.IndexOf(' ')]).Order());

    [Fact]
    public void FunctionsMetadata_OnlyProbesNeedNoKey() =>
        Read("functions.metadata")
            .AsArray()
            .Where(function =>
                function!["bindings"]!
                    .AsArray()
                    .Any(binding => string.Equals((string?)binding!["authLevel"], "Anonymous", StringComparison.OrdinalIgnoreCase))
            )
            .Select(function => (string)function!["name"]!)
            .Order()
            .ShouldBe(["Health", "Ready"]);

    [Fact]
    public void Dependencies_AreListed() =>
        Read("Serverless.FunctionApp.deps.json")["libraries"]!
            .AsObject()
            .Select(library => library.Key)
            .ShouldContain(library =>
                library.StartsWith("Microsoft.Azure.Functions.Worker.Extensions.DurableTask/", StringComparison.Ordinal)
            );

    [Fact]
    public void LocalSettings_StayAtHome() => File.Exists(PublishedApp.Ours.File("local.settings.json")).ShouldBeFalse();

    private static JsonNode Read(string name) => JsonNode.Parse(File.ReadAllText(PublishedApp.Ours.File(name)))!;
}
