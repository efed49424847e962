using Serverless.Api.Http;

namespace Serverless.Api.Tests.Http;

public sealed class TargetTextTests
{
    [Theory]
    [InlineData("/api/flows/name/gr%C3%BC%c3%9fe%20%F0%9F%98%80")]
    [InlineData("/api/flows/name/100%")]
    [InlineData("/api/flows/name/%zz%2")]
    [InlineData("/api/x?a=%C3%BC&b&=&c=1=%20")]
    public void Check_OfText_IsFine(string target) => Should.NotThrow(() => TargetText.Check(target));

    [Theory]
    [InlineData("/api/flows/name/a%ffb", "path")]
    [InlineData("/api/flows/name/%C3x%BC", "path")]
    [InlineData("/api/concurrency_limits/tag/%ED%A0%80", "path")]
    [InlineData("/api/%C0%AF?x=1", "path")]
    [InlineData("/api/flow_run_states/?x=1&flow_run_id=%c3", "query.flow_run_id")]
    [InlineData("/api/flow_run_states/?%c3=1", "query")]
    public void Check_OfWhatIsNoText_SaysWhere(string target, string place)
    {
        var error = Should.Throw<InvalidRequestException>(() => TargetText.Check(target)).Errors.ShouldHaveSingleItem();

        error.Type.ShouldBe("string_unicode");
        string.Join('.', error.Location).ShouldBe(place);
    }
}
