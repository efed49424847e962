using Shouldly;
using Xunit;

namespace Serverless.Flows.Tests.Results;

public sealed class FileResultStorageTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("serverless-results");

    private FileResultStorage Storage => new(Path.Combine(_folder.FullName, "results"));

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Write_Key_IsAFileThatIsReadAgain()
    {
        (await WriteAsync("a/b/c", [1, 2, 3])).ShouldBe(3);
        (await WriteAsync("a/b/c", [4])).ShouldBe(1);

        (await ReadAsync("a/b/c")).ShouldBe([4]);
        (await Storage.ExistsAsync("a/b/c", default)).ShouldBeTrue();
        Files().ShouldBe([Path.Combine("results", "a", "b", "c")]);
    }

    [Fact]
    public async Task Write_FailsMidway_LeavesTheValueAsItWasAndNothingElse()
    {
        await WriteAsync("key", [1, 2, 3]);

        await Should.ThrowAsync<InvalidOperationException>(() =>
            Storage.WriteAsync(
                "key",
                async (stream, token) =>
                {
                    await stream.WriteAsync(new byte[] { 9 }, token);
                    throw new InvalidOperationException("cut off");
                },
                default
            )
        );

        (await ReadAsync("key")).ShouldBe([1, 2, 3]);
        Files().ShouldBe([Path.Combine("results", "key")]);
    }

    [Theory]
    [InlineData("../out")]
    [InlineData("a/../../out")]
    [InlineData("/etc/passwd")]
    [InlineData("a//b")]
    [InlineData("a/./b")]
    [InlineData("a\\b")]
    [InlineData("c:b")]
    [InlineData("a\0b")]
    [InlineData("")]
    public async Task Write_KeyThatCouldLeadOut_IsRefused(string key)
    {
        (await Should.ThrowAsync<ArgumentException>(() => WriteAsync(key, [1]))).Message.ShouldContain("is no key of a result");

        await Should.ThrowAsync<ArgumentException>(() => Storage.OpenAsync(key, default));
        _folder.GetFileSystemInfos().ShouldBeEmpty();
    }

    [Fact]
    public async Task Open_NoSuchValue_IsNull()
    {
        (await Storage.OpenAsync("a/b", default)).ShouldBeNull();
        (await Storage.ExistsAsync("a/b", default)).ShouldBeFalse();
    }

    private Task<long> WriteAsync(string key, byte[] bytes) =>
        Storage.WriteAsync(key, async (stream, token) => await stream.WriteAsync(bytes, token), default);

    private async Task<byte[]> ReadAsync(string key)
    {
        await using var stream = (await Storage.OpenAsync(key, default)).ShouldNotBeNull();
        using MemoryStream bytes = new();
        await stream.CopyToAsync(bytes);
        return bytes.ToArray();
    }

    private IEnumerable<string> Files() =>
        _folder.GetFiles("*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(_folder.FullName, file.FullName));
}
