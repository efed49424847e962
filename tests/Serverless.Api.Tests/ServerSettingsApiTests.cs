using System.Net;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Server.Settings;

namespace Serverless.Api.Tests;

/// <summary>What clients ask of the server itself.</summary>
public sealed class ServerSettingsApiTests : IAsyncLifetime
{
    private TestServer server = null!;

    public async Task InitializeAsync() =>
        server = await ApiServer.StartAsync(services =>
        {
            services.AddSingleton<IConfiguration>(
                new ConfigurationBuilder().AddInMemoryCollection([new("HeartbeatTimeoutSeconds", "45"), new("TestSecret", "hush")]).Build()
            );
            services.AddSettings<SecretOptions>();
        });

    public async Task DisposeAsync() => await server.DisposeAsync();

    [Fact]
    public async Task Hello_Greets() => (await server.GetAsync("/api/hello"))!.GetValue<string>().ShouldBe("👋");

    [Fact]
    public async Task CsrfToken_IsNotNeeded()
    {
        (await server.GetAsync("/api/csrf-token?client=me", HttpStatusCode.UnprocessableEntity))
            .Text("detail")
            .ShouldBe("CSRF protection is disabled.");
        (await server.GetAsync("/api/csrf-token", HttpStatusCode.UnprocessableEntity)).Errors().ShouldBe([("missing", "query.client")]);
    }

    [Fact]
    public async Task Version_IsOneThatPrefectsClientsAccept() =>
        (await server.GetAsync("/api/admin/version"))!.GetValue<string>().ShouldStartWith("3.");

    [Fact]
    public async Task Settings_ShowNumbers_AndHideTexts()
    {
        var settings = await server.GetAsync("/api/admin/settings");

        settings!["server"]!["api"]!["default_limit"]!.GetValue<int>().ShouldBe(200);
        settings["server"]!["flow_run_graph"]!["max_nodes"]!.GetValue<int>().ShouldBe(10_000);
        settings["app"]!["HeartbeatTimeoutSeconds"]!.GetValue<double>().ShouldBe(45);
        settings["app"]!["TestSecret"]!.GetValue<string>().ShouldBe("********");
        settings.ToJsonString().ShouldNotContain("hush");
    }

    [Fact]
    public async Task Storage_HasNoBlock_AndTakesNone()
    {
        var block = Guid.NewGuid();

        (await server.GetAsync("/api/admin/storage"))!.ToJsonString().ShouldBe("""{"default_result_storage_block_id":null}""");
        using StringContent content = new(
            $$"""{"default_result_storage_block_id": "{{block}}"}""",
            System.Text.Encoding.UTF8,
            "application/json"
        );
        using var put = await server.Http.PutAsync(new Uri("/api/admin/storage", UriKind.Relative), content);
        put.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await put.Content.ReadAsStringAsync()).ShouldBe($$"""{"detail":"Block document {{block}} not found."}""");
        await server.DeleteAsync("/api/admin/storage", HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task UiSettings_SayWhereTheApiIs() =>
        (await server.GetAsync("/ui-settings"))!
            .ToJsonString()
            .ShouldBe(
                """{"api_url":"http://localhost/api","csrf_enabled":false,"auth":null,"flags":[],"default_ui":"v2","available_uis":[],"v1_base_url":null,"v2_base_url":null}"""
            );

    private sealed class SecretOptions
    {
        [Setting("TestSecret", "a text")]
        public string? Secret { get; set; }
    }
}
