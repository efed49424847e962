using System.Text.Json;
using Serverless.Functions.FlowRuns;
using Serverless.Functions.Hosting;

namespace Serverless.Functions.Tests.Hosting;

/// <summary>How payloads are written and read on the Functions host.</summary>
public sealed class FunctionsPayloadsTests
{
    private readonly JsonSerializerOptions _options = FunctionsPayloads.CreateOptions();

    [Fact]
    public void CreateOptions_MessageOfTheApp_ReadsWhatItWrote()
    {
        FlowRunStart start = new(new Guid("01a1fcba-73c6-7a4f-a3aa-cdcd5635174e"), 3);

        JsonSerializer.Deserialize<FlowRunStart>(JsonSerializer.Serialize(start, _options), _options).ShouldBe(start);
        _options.TypeInfoResolverChain[0].ShouldBe(FunctionsJson.Default);
    }

    [Fact]
    public void CreateOptions_TypeOfAnAuthor_IsServedByReflection()
    {
        OfAnAuthor value = new() { Name = "ü", Field = 7 };

        var json = JsonSerializer.Serialize(value, _options);

        json.ShouldBe("""{"Name":"ü","Field":7}""");
        var read = JsonSerializer.Deserialize<OfAnAuthor>("""{"name":"ü","FIELD":7}""", _options)!;
        (read.Name, read.Field).ShouldBe((value.Name, value.Field));
    }

    private sealed class OfAnAuthor
    {
        public int Field;

        public string? Name { get; set; }

        public string? Absent { get; set; }
    }
}
