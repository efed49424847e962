using Serverless.Flows;
using Serverless.Testing;
using Shouldly;
using Xunit;

namespace Serverless.Samples.Tests;

/// <summary>Paths that lead out of the folder that the operator named.</summary>
public sealed class SampleFilesTests : IDisposable
{
    private const string Secret = "secret,of somebody else\nx,1\n";

    private readonly string _outside = Directory.CreateTempSubdirectory("serverless-files-").FullName;
    private readonly string _inside;
    private readonly SampleRun _run;

    public SampleFilesTests()
    {
        _inside = Directory.CreateDirectory(Path.Combine(_outside, "files")).FullName;
        _run = new SampleRun(_inside);
        File.WriteAllText(Path.Combine(_outside, "secret.csv"), Secret);
        Directory.CreateDirectory(Path.Combine(_outside, "files-of-another"));
        File.WriteAllText(Path.Combine(_outside, "files-of-another", "secret.csv"), Secret);
        File.WriteAllText(Path.Combine(_inside, "data.csv"), "k,v\nx,1\n");
    }

    public void Dispose() => Directory.Delete(_outside, recursive: true);

    [Fact]
    public async Task Open_FileBelowTheFolder_IsRead()
    {
        Directory.CreateDirectory(Path.Combine(_inside, "deep"));
        File.Copy(Path.Combine(_inside, "data.csv"), Path.Combine(_inside, "deep", "data.csv"));
        File.CreateSymbolicLink(Path.Combine(_inside, "link.csv"), Path.Combine("deep", "data.csv"));

        foreach (var path in new[] { "data.csv", "deep/data.csv", "./deep/../data.csv", "link.csv", Path.Combine(_inside, "data.csv") })
        {
            (
                await _run.RunAsync(
                    "csv-report",
                    new
                    {
                        path,
                        group_by = "k",
                        value = "v",
                    }
                )
            ).ShouldNotBeNull(path);
        }
    }

    [Theory]
    [InlineData("../secret.csv")]
    [InlineData("deep/../../secret.csv")]
    [InlineData("../files-of-another/secret.csv")]
    [InlineData("../no-such-file.csv")]
    [InlineData("/etc/passwd")]
    [InlineData("/etc/shadow")]
    [InlineData("/no/such/file")]
    [InlineData(".")]
    [InlineData("/")]
    public async Task Open_PathOutside_IsRefusedInTheSameWordsWhetherThereIsAFile(string path) =>
        (await RefusedAsync(path)).ShouldBe($"{path} is outside the folder from which files may be read.");

    [Fact]
    public async Task Open_LinkThatLeadsOutside_IsRefused()
    {
        File.CreateSymbolicLink(Path.Combine(_inside, "file-link.csv"), Path.Combine(_outside, "secret.csv"));
        File.CreateSymbolicLink(Path.Combine(_inside, "relative.csv"), "../secret.csv");
        File.CreateSymbolicLink(Path.Combine(_inside, "second.csv"), "relative.csv");
        File.CreateSymbolicLink(Path.Combine(_inside, "dangling.csv"), "../no-such-file.csv");
        Directory.CreateSymbolicLink(Path.Combine(_inside, "folder-link"), _outside);

        foreach (
            var path in new[]
            {
                "file-link.csv",
                "relative.csv",
                "second.csv",
                "dangling.csv",
                "folder-link/secret.csv",
                "folder-link/files-of-another/secret.csv",
            }
        )
        {
            (await RefusedAsync(path)).ShouldBe($"{path} is outside the folder from which files may be read.");
        }

        // Out and in again is in.
        (
            await _run.RunAsync(
                "csv-report",
                new
                {
                    path = "folder-link/files/data.csv",
                    group_by = "k",
                    value = "v",
                }
            )
        ).ShouldNotBeNull();
    }

    [Fact]
    public async Task Open_LinksInARing_IsRefused()
    {
        File.CreateSymbolicLink(Path.Combine(_inside, "a.csv"), "b.csv");
        File.CreateSymbolicLink(Path.Combine(_inside, "b.csv"), "a.csv");

        (await RefusedAsync("a.csv")).ShouldBe("a.csv: the file cannot be read.");
    }

    [Theory]
    [InlineData(".env")]
    [InlineData(".serverless/serverless.db")]
    [InlineData("deep/.git/config")]
    public async Task Open_HiddenFile_IsRefused(string path)
    {
        var file = Path.Combine(_inside, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        await File.WriteAllTextAsync(file, Secret);

        (await RefusedAsync(path)).ShouldBe($"{path}: files and folders whose names begin with a dot cannot be read.");
    }

    /// <summary>Opening a pipe waits for who writes to it, and a device has no end.</summary>
    [Theory]
    [InlineData("folder")]
    [InlineData("pipe")]
    [InlineData("link")]
    [InlineData("socket")]
    public async Task Open_NoRegularFile_IsRefused(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        Directory.CreateDirectory(Path.Combine(_inside, "folder"));
        using (var made = System.Diagnostics.Process.Start("mkfifo", Path.Combine(_inside, "pipe")))
        {
            await made.WaitForExitAsync();
        }

        File.CreateSymbolicLink(Path.Combine(_inside, "link"), "pipe");
        using System.Net.Sockets.Socket socket = new(
            System.Net.Sockets.AddressFamily.Unix,
            System.Net.Sockets.SocketType.Stream,
            System.Net.Sockets.ProtocolType.Unspecified
        );
        socket.Bind(new System.Net.Sockets.UnixDomainSocketEndPoint(Path.Combine(_inside, "socket")));

        (await RefusedAsync(path).WaitAsync(Waiting.Patience)).ShouldBe(
            $"{path}: only regular files can be read, not folders, pipes, sockets or devices."
        );
    }

    [Fact]
    public async Task Open_Device_IsRefused()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        foreach (var path in new[] { "zero", "null", "tty" }.Where(name => File.Exists("/dev/" + name)))
        {
            var error = await Should.ThrowAsync<FailedRunException>(() =>
                new SampleRun("/dev")
                    .RunAsync(
                        "csv-report",
                        new
                        {
                            path,
                            group_by = "k",
                            value = "v",
                        }
                    )
                    .WaitAsync(Waiting.Patience)
            );
            error.State.Message.ShouldNotBeNull().ShouldContain(path);
        }
    }

    [Fact]
    public async Task Open_FolderThatIsALinkItself_IsTheFolderItLeadsTo()
    {
        var link = Path.Combine(_outside, "link");
        Directory.CreateSymbolicLink(link, _inside);

        (
            await new SampleRun(link).RunAsync(
                "csv-report",
                new
                {
                    path = "data.csv",
                    group_by = "k",
                    value = "v",
                }
            )
        ).ShouldNotBeNull();
    }

    [Fact]
    public void Open_NoFolderNamed_IsRefused() =>
        Should.Throw<Csv.CsvReportException>(() => new SampleFiles(null).Open("data.csv")).Message.ShouldContain(SampleFiles.Setting);

    private async Task<string> RefusedAsync(string path)
    {
        var error = await Should.ThrowAsync<FailedRunException>(() =>
            _run.RunAsync(
                "csv-report",
                new
                {
                    path,
                    group_by = "k",
                    value = "v",
                }
            )
        );
        var message = error.State.Message.ShouldNotBeNull();
        message.ShouldNotContain("secret,");
        message.ShouldNotContain("root:");
        return message;
    }
}
