using System.Text.Json;
using Serverless.Core.Filters;
using Serverless.Core.Json;
using Serverless.Core.Models;

namespace Serverless.Core.Tests.Filters;

/// <summary>Filters of events as they come on the wire, with what Prefect's <c>EventFilter.includes</c> answers.</summary>
public sealed class EventFilterTests
{
    private const string Sample = """
        {
          "id": "11111111-1111-1111-1111-111111111111", "occurred": "2026-01-01T12:00:00Z", "event": "prefect.flow-run.Running",
          "resource": {"prefect.resource.id": "prefect.flow-run.abc", "prefect.resource.name": "quick-fox", "prefect.state-type": "RUNNING"},
          "related": [
            {"prefect.resource.id": "prefect.flow.1", "prefect.resource.role": "flow", "prefect.resource.name": "hello"},
            {"prefect.resource.id": "prefect.tag.blue", "prefect.resource.role": "tag"}
          ],
          "payload": {"note": "Connection Timeout", "deep": {"why": "no disk"} }
        }
        """;

    [Theory]
    [InlineData("{}", true)]
    [InlineData("""{"order": "ASC"}""", true)]
    // occurred: both ends count.
    [InlineData("""{"occurred": {"since": "2026-01-01T12:00:00Z", "until": "2026-01-01T12:00:00Z"} }""", true)]
    [InlineData("""{"occurred": {"since": "2026-01-01T12:00:00.000001Z"} }""", false)]
    [InlineData("""{"occurred": {"until": "2026-01-01T11:59:59.999999Z"} }""", false)]
    [InlineData("""{"occurred": {} }""", true)]
    // event
    [InlineData("""{"event": {"prefix": ["prefect.flow-run"]} }""", true)]
    [InlineData("""{"event": {"prefix": ["x", "prefect."]} }""", true)]
    [InlineData("""{"event": {"prefix": ["prefect.task-run."]} }""", false)]
    [InlineData("""{"event": {"prefix": ["Prefect."]} }""", false)]
    [InlineData("""{"event": {"prefix": []} }""", true)]
    [InlineData("""{"event": {"prefix": null, "name": null} }""", true)]
    [InlineData("""{"event": {"exclude_prefix": ["prefect.flow-run."]} }""", false)]
    [InlineData("""{"event": {"exclude_prefix": ["prefect.task-run."]} }""", true)]
    [InlineData("""{"event": {"name": ["prefect.flow-run.Completed", "prefect.flow-run.Running"]} }""", true)]
    [InlineData("""{"event": {"name": ["prefect.flow-run"]} }""", false)]
    [InlineData("""{"event": {"name": []} }""", true)]
    [InlineData("""{"event": {"exclude_name": ["prefect.flow-run.Running"]} }""", false)]
    [InlineData("""{"event": {"exclude_name": ["prefect.flow-run"]} }""", true)]
    [InlineData("""{"event": {"prefix": ["prefect."], "exclude_name": ["prefect.flow-run.Running"]} }""", false)]
    // resource
    [InlineData("""{"resource": {"id": ["prefect.flow-run.abc"]} }""", true)]
    [InlineData("""{"resource": {"id": ["prefect.flow-run."]} }""", false)]
    [InlineData("""{"resource": {"id": ["prefect.flow.1"]} }""", false)]
    [InlineData("""{"resource": {"id": []} }""", true)]
    [InlineData("""{"resource": {"id_prefix": ["x", "prefect.flow-run."]} }""", true)]
    [InlineData("""{"resource": {"id_prefix": ["prefect.task-run."]} }""", false)]
    [InlineData("""{"resource": {"distinct": true} }""", true)]
    [InlineData("""{"resource": {"id": ["prefect.flow-run.abc"], "labels": {"prefect.state-type": "COMPLETED"} } }""", false)]
    // labels
    [InlineData("""{"resource": {"labels": {} } }""", true)]
    [InlineData("""{"resource": {"labels": {"prefect.state-type": "RUNNING"} } }""", true)]
    [InlineData("""{"resource": {"labels": {"prefect.state-type": ["COMPLETED", "RUNNING"]} } }""", true)]
    [InlineData("""{"resource": {"labels": {"prefect.state-type": ["COMPLETED"]} } }""", false)]
    [InlineData("""{"resource": {"labels": {"prefect.state-type": []} } }""", false)]
    [InlineData("""{"resource": {"labels": {"prefect.resource.id": "prefect.flow-run.*", "prefect.resource.name": "*fox"} } }""", true)]
    [InlineData("""{"resource": {"labels": {"prefect.resource.id": "prefect.flow-run.*", "prefect.resource.name": "*dog"} } }""", false)]
    [InlineData("""{"resource": {"labels": {"prefect.resource.name": "quick-f?x"} } }""", true)]
    [InlineData("""{"resource": {"labels": {"prefect.state-type": "!COMPLETED"} } }""", true)]
    [InlineData("""{"resource": {"labels": {"prefect.state-type": "!RUN*"} } }""", false)]
    [InlineData("""{"resource": {"labels": {"prefect.state-type": ["!RUN*", "!COMP*"]} } }""", true)]
    [InlineData("""{"resource": {"labels": {"missing": "*"} } }""", false)]
    [InlineData("""{"resource": {"labels": {"missing": "!x"} } }""", false)]
    // any resource: one resource has to match all of a filter.
    [InlineData("""{"any_resource": {"id": ["prefect.flow.1"]} }""", true)]
    [InlineData("""{"any_resource": {"id": ["prefect.flow-run.abc"]} }""", true)]
    [InlineData("""{"any_resource": {"id": ["prefect.flow.2"]} }""", false)]
    [InlineData("""{"any_resource": {"id_prefix": ["prefect.tag."]} }""", true)]
    [InlineData("""{"any_resource": {"id": ["prefect.flow.1"], "labels": {"prefect.resource.role": "tag"} } }""", false)]
    [InlineData("""{"any_resource": {"labels": {"prefect.resource.id": "prefect.flow*", "prefect.resource.role": "flow"} } }""", true)]
    [InlineData("""{"any_resource": [{"id": ["prefect.flow.1"]}, {"id": ["prefect.tag.blue"]}]}""", true)]
    [InlineData("""{"any_resource": [{"id": ["prefect.flow.1"]}, {"id": ["prefect.tag.red"]}]}""", false)]
    [InlineData("""{"any_resource": []}""", true)]
    [InlineData("""{"any_resource": {} }""", true)]
    // related: as Prefect finds stored events.
    [InlineData("""{"related": {"id": ["prefect.flow.1"]} }""", true)]
    [InlineData("""{"related": {"id": ["prefect.flow-run.abc"]} }""", false)]
    [InlineData("""{"related": {"role": ["flow", "deployment"]} }""", true)]
    [InlineData("""{"related": {"role": ["deployment"]} }""", false)]
    [InlineData("""{"related": {"id": ["prefect.flow.1"], "role": ["tag"]} }""", false)]
    [InlineData("""{"related": {"resources_in_roles": [["prefect.flow.1", "flow"]]} }""", true)]
    [InlineData("""{"related": {"resources_in_roles": [["prefect.flow.1", "tag"], ["prefect.tag.blue", "tag"]]} }""", true)]
    [InlineData("""{"related": {"resources_in_roles": [["prefect.flow.1", "tag"]]} }""", false)]
    [InlineData("""{"related": {"labels": {"prefect.resource.name": "hel*"} } }""", true)]
    [InlineData("""{"related": {"labels": {"prefect.resource.name": "hel*", "prefect.resource.role": "tag"} } }""", false)]
    [InlineData("""{"related": [{"role": ["flow"]}, {"id": ["prefect.tag.blue"]}]}""", true)]
    [InlineData("""{"related": [{"role": ["flow"]}, {"id": ["prefect.tag.red"]}]}""", false)]
    [InlineData("""{"related": {} }""", true)]
    [InlineData("""{"related": null}""", true)]
    // id
    [InlineData("""{"id": {"id": ["11111111-1111-1111-1111-111111111111"]} }""", true)]
    [InlineData("""{"id": {"id": ["21111111-1111-1111-1111-111111111111"]} }""", false)]
    [InlineData("""{"id": {"id": []} }""", true)]
    // text
    [InlineData("""{"text": {"query": "timeout"} }""", true)]
    [InlineData("""{"text": {"query": "absent FOX"} }""", true)]
    [InlineData("""{"text": {"query": "\"connection timeout\" -absent"} }""", true)]
    [InlineData("""{"text": {"query": "timeout -fox"} }""", false)]
    [InlineData("""{"text": {"query": "+disk +blue"} }""", true)]
    [InlineData("""{"text": {"query": "+disk +red"} }""", false)]
    [InlineData("""{"text": {"query": "why"} }""", true)]
    [InlineData("""{"text": {"query": "prefect.resource.role"} }""", false)]
    public void Matches_AsInPrefect(string filter, bool expected) =>
        Read(filter).Matches(JsonSerializer.Deserialize(Sample, WireJson.TypeInfo<Event>())!).ShouldBe(expected);

    [Fact]
    public void Matches_PatternThatTakesTooLong_DoesNotMatch()
    {
        var pattern = "*" + string.Concat(Enumerable.Repeat("a*", 400)) + "b";
        Event long_ = JsonSerializer.Deserialize(Sample, WireJson.TypeInfo<Event>())! with
        {
            Resource = new Dictionary<string, string> { [Event.ResourceId] = "x", ["text"] = new('a', 1_000_000) },
        };

        Read($$"""{"resource": {"labels": {"text": "{{pattern}}"} } }""").Matches(long_).ShouldBeFalse();
        Read($$"""{"resource": {"labels": {"text": "!{{pattern}}"} } }""").Matches(long_).ShouldBeFalse();
    }

    [Fact]
    public void Flaw_TooManyCriteria_IsSaid()
    {
        string Names(int count) => string.Join(", ", Enumerable.Range(0, count).Select(i => $"\"{i}\""));

        Read($$"""{"event": {"name": [{{Names(EventFilter.MostCriteria)}}]} }""").Flaw().ShouldBeNull();
        foreach (
            var filter in new[]
            {
                $$"""{"event": {"name": [{{Names(EventFilter.MostCriteria)}}], "prefix": ["x"]} }""",
                $$"""{"any_resource": [{{string.Join(", ", Enumerable.Repeat("{}", EventFilter.MostCriteria + 1))}}]}""",
                $$"""{"related": {"labels": {"x": [{{Names(EventFilter.MostCriteria)}}]} } }""",
            }
        )
        {
            Read(filter).Flaw().ShouldBe("A filter has at most 1000 filters, names and values.");
        }
    }

    [Fact]
    public void Flaw_LongText_IsSaid()
    {
        Read($$"""{"resource": {"labels": {"x": "{{new string('x', EventFilter.LongestText)}}"} } }""").Flaw().ShouldBeNull();
        Read($$"""{"resource": {"labels": {"x": "{{new string('x', EventFilter.LongestText + 1)}}"} } }""")
            .Flaw()
            .ShouldBe("A text in a filter has at most 1024 characters.");
    }

    [Fact]
    public void Flaw_NoPair_IsSaid() =>
        Read("""{"related": {"resources_in_roles": [["a", "b"], ["a"]]} }""")
            .Flaw()
            .ShouldBe("Each of resources_in_roles is a resource's id and a role.");

    [Fact]
    public void Json_WrittenAndReadAgain_IsTheSame()
    {
        const string Text =
            """{"resource": {"labels": {"a": "b", "c": ["d", "e"]} }, "related": {"id": ["x"]}, "any_resource": [{"id": ["y"]}, {}]}""";
        var once = JsonSerializer.Serialize(Read(Text), WireJson.TypeInfo<EventFilter>());

        JsonSerializer.Serialize(Read(once), WireJson.TypeInfo<EventFilter>()).ShouldBe(once);
        once.ShouldContain("""{"a":["b"],"c":["d","e"]}""");
    }

    private static EventFilter Read(string json) => JsonSerializer.Deserialize(json, WireJson.TypeInfo<EventFilter>())!;
}
