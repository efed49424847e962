using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Serverless.Api.Http.Binding;

namespace Serverless.Api.Tests.Http.Binding;

/// <summary>The bounds that the attributes of the bodies' members set.</summary>
public sealed class BodyBoundsTests
{
    [Theory]
    [InlineData(
        "flow_runs/filter",
        """{"offset": -1}""",
        "greater_than_equal",
        "body.offset",
        "Input should be greater than or equal to 0"
    )]
    [InlineData("logs/filter", """{"offset": -1}""", "greater_than_equal", "body.offset", "Input should be greater than or equal to 0")]
    [InlineData(
        "flow_runs/bulk_set_state",
        """{"state": {"type": "PENDING"}, "limit": 51}""",
        "less_than_equal",
        "body.limit",
        "Input should be less than or equal to 50"
    )]
    [InlineData("flows/", """{"name": ""}""", "string_pattern_mismatch", "body.name", "String should match pattern '^[^/%&><]+$'")]
    [InlineData(
        "task_runs/",
        """{"task_key": "t", "dynamic_key": "0", "empirical_policy": {"retry_jitter_factor": -0.5}}""",
        "value_error",
        "body.empirical_policy.retry_jitter_factor",
        "Value error, `retry_jitter_factor` must be >= 0."
    )]
    [InlineData("flow_runs/filter", """{"offset": 1.5}""", "int_parsing", "body.offset", null)]
    public async Task Value_BeyondItsBound_IsRefused(string path, string body, string type, string place, string? message)
    {
        await using var server = await ApiServer.StartAsync();

        var answer = await server.PostAsync($"/api/{path}", body, HttpStatusCode.UnprocessableEntity);

        answer.Errors().ShouldBe([(type, place)]);
        if (message is not null)
        {
            answer!["detail"]![0].Text("msg").ShouldBe(message);
        }

        JsonNode.DeepEquals(answer!["request_body"], JsonNode.Parse(body)).ShouldBeTrue();
    }

    [Theory]
    [InlineData("flow_runs/filter", -1, "Invalid limit: must be greater than or equal to 0.")]
    [InlineData("flows/filter", 201, "Invalid limit: must be less than or equal to 200.")]
    [InlineData("concurrency_limits/filter", 201, "Invalid limit: must be less than or equal to 200.")]
    public async Task Limit_OfAPage_IsRefusedWithASentence(string path, int limit, string sentence)
    {
        await using var server = await ApiServer.StartAsync();

        var answer = await server.PostAsync(
            $"/api/{path}",
            $$"""{"offset": -1, "limit": {{limit}} }""",
            HttpStatusCode.UnprocessableEntity
        );

        answer.Text("detail").ShouldBe(sentence);
    }

    [Fact]
    public async Task Values_BeyondTheirBounds_AreAllNamed()
    {
        await using var server = await ApiServer.StartAsync();

        var answer = await server.PostAsync(
            "/api/v2/concurrency_limits/",
            """{"name": "a/b", "limit": -1, "active_slots": -2, "slot_decay_per_second": -0.5}""",
            HttpStatusCode.UnprocessableEntity
        );

        answer
            .Errors()
            .ShouldBe([
                ("string_pattern_mismatch", "body.name"),
                ("greater_than_equal", "body.limit"),
                ("greater_than_equal", "body.active_slots"),
                ("greater_than_equal", "body.slot_decay_per_second"),
            ]);
        answer!["detail"]![1]!["ctx"]!["ge"]!.GetValue<int>().ShouldBe(0);
    }

    [Fact]
    public async Task Count_DoesNotKnowPages()
    {
        await using var server = await ApiServer.StartAsync();
        await server.CreateRemoteAsync();

        (await server.PostAsync("/api/flow_runs/count", """{"limit": 500, "offset": -1}"""))!.GetValue<int>().ShouldBe(1);
    }

    [Theory]
    [InlineData("application/vnd.prefect+json")]
    [InlineData("application/json; charset=utf-8")]
    [InlineData("APPLICATION/JSON")]
    public async Task Body_OfAnyKindOfJson_IsRead(string type)
    {
        await using var server = await ApiServer.StartAsync();
        using ByteArrayContent content = new(Encoding.UTF8.GetBytes("""{"name": "other"}"""));
        content.Headers.TryAddWithoutValidation("Content-Type", type);

        using var response = await server.Http.PostAsync(new Uri("/api/flows/", UriKind.Relative), content);

        response.StatusCode.ShouldBe(HttpStatusCode.Created);
    }
}
