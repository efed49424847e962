using FsCheck;
using FsCheck.Fluent;
using Serverless.Storage.Keys;

namespace Serverless.Storage.Tests.Keys;

public sealed class PropertyNameTests
{
    [Theory]
    [InlineData("name")]
    [InlineData("Total2")]
    [InlineData("a_b")]
    [InlineData("partition")]
    public void Encode_OrdinaryName_StaysAsItIs(string name) => PropertyName.Encode(name).ShouldBe(name);

    [Theory]
    [InlineData("PartitionKey")]
    [InlineData("rowkey")]
    [InlineData("Timestamp")]
    [InlineData("ETag")]
    [InlineData("odata.etag")]
    [InlineData("_c")]
    [InlineData("_pa")]
    [InlineData("1st")]
    [InlineData("with space")]
    [InlineData("a-b")]
    [InlineData("größe")]
    [InlineData("xmlns")]
    public void Encode_UnusualName_IsAnIdentifierThatNobodyElseUses(string name)
    {
        var encoded = PropertyName.Encode(name);

        encoded.ShouldStartWith("_p");
        encoded.ShouldAllBe(c => char.IsAsciiLetterOrDigit(c) || c == '_');
        encoded.Length.ShouldBe(PropertyName.EncodedLength(name));
        PropertyName.Decode(encoded).ShouldBe(name);
    }

    [Fact]
    public void Encode_AnyName_DecodesToIt() =>
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(1000),
            Prop.ForAll<NonEmptyString>(name => PropertyName.Decode(PropertyName.Encode(name.Get)) == name.Get)
        );
}
