using Serverless.Storage.Sqlite;

namespace Serverless.Storage.Tests.Sqlite;

public sealed class RowPropertiesCodecTests
{
    private static readonly RowProperties Sample = new()
    {
        { "text", "x" },
        { "number", 1 },
        { "bytes", new byte[] { 1, 2 } },
    };

    [Fact]
    public void Size_OfAnyProperties_IsWhatIsWritten() => Encode(Sample).Length.ShouldBe(1 + (6 + 4 + 1) + (8 + 4) + (7 + 4 + 2));

    [Fact]
    public void Write_Format_StaysReadable() =>
        Encode(
                new()
                {
                    { "a", "é" },
                    { "b", true },
                    { "c", 258 },
                }
            )
            .ShouldBe<byte>([1, 1, 97, 1, 2, 0, 0, 0, 0xC3, 0xA9, 1, 98, 3, 1, 99, 4, 2, 1, 0, 0]);

    [Fact]
    public void Read_CutAnywhere_IsRefusedOrShorter()
    {
        var bytes = Encode(Sample);
        int[] ends = [1, 12, 24];
        for (var length = 0; length < bytes.Length; length++)
        {
            var cut = bytes[..length];
            if (ends.Contains(length))
            {
                RowPropertiesCodec.Read(cut).Count.ShouldBe(Array.IndexOf(ends, length));
            }
            else
            {
                Should.Throw<InvalidDataException>(() => RowPropertiesCodec.Read(cut));
            }
        }
    }

    [Theory]
    [InlineData(new byte[] { 2 })]
    [InlineData(new byte[] { 1, 1, 97, 99 })]
    [InlineData(new byte[] { 1, 1, 97, 1, 255, 255, 255, 255 })]
    [InlineData(new byte[] { 1, 1, 97, 1, 1, 0, 0, 0, 0xFF })]
    [InlineData(new byte[] { 1, 1, 97, 7, 255, 255, 255, 255, 255, 255, 255, 127 })]
    public void Read_Damaged_IsRefused(byte[] bytes) => Should.Throw<InvalidDataException>(() => RowPropertiesCodec.Read(bytes));

    [Fact]
    public void Size_NameTooLong_IsRefused() =>
        Should.Throw<ArgumentException>(() => RowPropertiesCodec.Size(new() { { new string('n', 256), 1 } }));

    private static byte[] Encode(RowProperties properties)
    {
        var bytes = new byte[RowPropertiesCodec.Size(properties)];
        RowPropertiesCodec.Write(properties, bytes).ShouldBe(bytes.Length);
        return bytes;
    }
}
