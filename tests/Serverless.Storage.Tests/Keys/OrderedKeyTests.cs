using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Serverless.Storage.Keys;
using Serverless.Storage.Tests.Contract;

namespace Serverless.Storage.Tests.Keys;

public sealed class OrderedKeyTests
{
    private const string Forbidden = "/\\#?%'\t\n\r \u007F\u0080\u009F~";

    /// <summary>Mostly characters around those that are replaced, and whole code points of every plane.</summary>
    private static readonly Arbitrary<string> Keys = Arb.From(
        Gen.OneOf(Gen.Choose(0, 0x7F), Gen.Choose(0x78, 0xA0), Gen.Choose(0, 0xD7FF), Gen.Choose(0xE000, 0x10FFFF))
            .Select(value => new Rune(value).ToString())
            .ListOf()
            .Select(string.Concat),
        key => key.EnumerateRunes().Select((_, i) => string.Concat(key.EnumerateRunes().Where((_, j) => j != i)))
    );

    [Fact]
    public void Encode_AnyKey_DecodesToIt() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(2000), Prop.ForAll(Keys, key => OrderedKey.Decode(OrderedKey.Encode(key)) == key));

    [Fact]
    public void Encode_AnyTwoKeys_AreOrderedAsTheirUtf8Bytes() =>
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(5000),
            Prop.ForAll(
                Keys,
                Keys,
                (x, y) =>
                    Math.Sign(string.CompareOrdinal(OrderedKey.Encode(x), OrderedKey.Encode(y))) == Math.Sign(Utf8Order.CompareKeys(x, y))
            )
        );

    [Fact]
    public void Encode_KeysWithACommonBeginning_AreOrderedAsTheirUtf8Bytes() =>
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(2000),
            Prop.ForAll(
                Keys,
                Keys,
                Keys,
                (prefix, x, y) =>
                    Math.Sign(string.CompareOrdinal(OrderedKey.Encode(prefix + x), OrderedKey.Encode(prefix + y)))
                    == Math.Sign(Utf8Order.CompareKeys(x, y))
            )
        );

    [Fact]
    public void Encode_AnyKey_HasAllowedCharactersOnlyAndIsBelowSystemRows() =>
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(2000),
            Prop.ForAll(
                Keys,
                key =>
                {
                    var encoded = OrderedKey.Encode(key);
                    encoded.Length.ShouldBe(OrderedKey.EncodedLength(key));
                    encoded.Length.ShouldBeGreaterThan(0);
                    encoded.ShouldAllBe(c => c > ' ' && c < '~' && !Forbidden.Contains(c));
                    string.CompareOrdinal(encoded, "~").ShouldBeLessThan(0);
                }
            )
        );

    [Fact]
    public void Encode_EveryAsciiCharacter_IsReversible()
    {
        for (var c = '\0'; c < 0x100; c++)
        {
            OrderedKey.Decode(OrderedKey.Encode(c.ToString())).ShouldBe(c.ToString());
        }
    }

    [Theory]
    [InlineData("", "!")]
    [InlineData("a|b", "a|b")]
    [InlineData("a/b", "a.1b")]
    [InlineData("a.b", "a.0b")]
    [InlineData("a b", "a!20b")]
    [InlineData("50%", "50$1")]
    [InlineData("é", "}006h")]
    [InlineData("😀", "}2r5s")]
    public void Encode_Key_IsStableBecauseItIsStored(string key, string encoded) => OrderedKey.Encode(key).ShouldBe(encoded);

    [Fact]
    public void Encode_HalfASurrogatePair_IsRefused()
    {
        foreach (var key in new[] { "\uD83D", "a\uDE00b" })
        {
            Should.Throw<ArgumentException>(() => OrderedKey.Encode(key));
            Should.Throw<ArgumentException>(() => OrderedKey.EncodedLength(key));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("~j|")]
    [InlineData("a!")]
    [InlineData("a!2")]
    [InlineData("a.")]
    [InlineData("a.2")]
    [InlineData("}zzzz")]
    [InlineData("}00")]
    [InlineData("a/b")]
    public void Decode_SomethingElse_IsRefused(string encoded) => Should.Throw<FormatException>(() => OrderedKey.Decode(encoded));
}
