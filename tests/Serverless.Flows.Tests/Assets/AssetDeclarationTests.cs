using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Serverless.Flows.Tests.Assets;

public sealed class AssetDeclarationTests
{
    [Fact]
    public void Declaration_OfGoodAssets_TellsTheFixedKeys()
    {
        var task = Build(nameof(Good), "pg://c");

        task.FixedAssets.ShouldBe(["s3://a/b"]);
        task.AssetDependencies.ShouldBe(["pg://c"]);
    }

    [Theory]
    [InlineData(nameof(NoUri), "Materialize 'orders.csv' is no key of an asset: expected a URI")]
    [InlineData(nameof(Unknown), "Materialize 's3://{day}' ")]
    [InlineData(nameof(Twice), "Materialize 's3://a' is there twice")]
    public void Declaration_OfABadAsset_IsRefused(string method, string reason) =>
        Should.Throw<FlowRegistrationException>(() => Build(method)).Message.ShouldContain(reason);

    [Fact]
    public void Declaration_OfADependencyThatIsNoKey_IsRefused() =>
        Should
            .Throw<FlowRegistrationException>(() => Build(nameof(Plain), "pg://c d"))
            .Message.ShouldContain("AssetDependencies has 'pg://c d', which is no key of an asset: it has the character U+0020");

    [Fact]
    public void AddMetadata_Twice_ReplacesMembers()
    {
        TaskContext context = new();
        using var entered = context.Enter();

        TaskContext.Current.Assets.AddMetadata("s3://a", new { Rows = 1, Kind = "csv" });
        TaskContext.Current.Assets.AddMetadata("s3://a", new Dictionary<string, object> { ["rows"] = 2 });

        var metadata = context.Assets.MetadataOf("s3://a").ShouldNotBeNull();
        metadata["rows"].GetInt32().ShouldBe(2);
        metadata["kind"].GetString().ShouldBe("csv");
        context.Assets.MetadataOf("s3://b").ShouldBeNull();
    }

    [Fact]
    public void AddMetadata_OfSomethingElse_IsRefused()
    {
        RunAssets assets = new TaskContext().Assets;

        Should.Throw<ArgumentException>(() => assets.AddMetadata("s3://a", "text")).Message.ShouldContain("JSON object");
        Should.Throw<InvalidOperationException>(() => assets.AddMetadata(new { })).Message.ShouldContain("declares 0 assets");
        Should
            .Throw<PayloadLimitException>(() =>
                assets.AddMetadata("s3://a", new { text = new string('x', RunAssets.MaxMetadataCharacters) })
            )
            .Message.ShouldContain("The metadata of asset 's3://a'");
        assets.MetadataOf("s3://a").ShouldBeNull();
    }

    [Fact]
    public async Task AddMetadata_ToAnAssetThatTheTaskDoesNotMake_IsRefused()
    {
        var task = Build(nameof(Strange));

        var error = await Should.ThrowAsync<ArgumentException>(() => task.InvokeAsync(NoServices(), "{}", new TaskContext()));

        error.Message.ShouldContain("does not make the asset 's3://b' (it makes: s3://a)");
    }

    private static ServiceProvider NoServices() => new ServiceCollection().BuildServiceProvider();

    private static TaskDefinition Build(string method, params string[] dependencies)
    {
        var info = typeof(AssetDeclarationTests).GetMethod(method, BindingFlags.Static | BindingFlags.NonPublic)!;
        return new TaskDefinition(info, new TaskAttribute { AssetDependencies = dependencies });
    }

    [Materialize("s3://a/b")]
    [Materialize("s3://a/{day}")]
    private static void Good(int day) => _ = day;

    [Materialize("orders.csv")]
    private static void NoUri() { }

    [Materialize("s3://{day}")]
    private static void Unknown() { }

    [Materialize("s3://a")]
    [Materialize("s3://a")]
    private static void Twice() { }

    private static void Plain() { }

    [Materialize("s3://a")]
    private static void Strange() => TaskContext.Current.Assets.AddMetadata("s3://b", new { });
}
