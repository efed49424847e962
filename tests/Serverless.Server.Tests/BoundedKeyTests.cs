using Serverless.Storage;

namespace Serverless.Server.Tests;

public sealed class BoundedKeyTests
{
    [Theory]
    [InlineData('a', 200, true)]
    [InlineData('a', 201, false)]
    [InlineData('/', 200, true)]
    [InlineData('日', 99, true)]
    [InlineData('日', 200, false)]
    [InlineData(' ', 200, false)]
    public void From_TextOfAnyCharacters_FitsIntoAKey(char c, int length, bool kept)
    {
        string text = new(c, length);

        var key = BoundedKey.From(text);

        key.ShouldStartWith(kept ? "k|" + text : "h|");
        RowAddress.KeyLength("some prefix|" + key).ShouldBeLessThanOrEqualTo(RowAddress.MaxKeyLength);
    }
}
