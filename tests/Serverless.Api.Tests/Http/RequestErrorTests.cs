using System.Buffers;
using System.Text;
using System.Text.Json;
using Serverless.Api.Http;

namespace Serverless.Api.Tests.Http;

public sealed class RequestErrorTests
{
    [Fact]
    public void Write_VeryLongName_IsCut()
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter writer = new(buffer))
        {
            new RequestError("value_error", ["body", new string('n', 5000)], "It is wrong.").Write(writer);
        }

        using var written = JsonDocument.Parse(Encoding.UTF8.GetString(buffer.WrittenSpan));
        written.RootElement.GetProperty("loc")[1].GetString().ShouldBe(new string('n', 100) + "…");
    }
}
