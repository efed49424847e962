using System.Net;
using System.Net.Sockets;
using System.Text;
using Serverless.Testing;
using Shouldly;
using Xunit;

namespace Serverless.Host.Tests.Security;

/// <summary>Where the host listens, and whom it lets in there.</summary>
public sealed class ListenTests : IDisposable
{
    private const string Secret = "s3cret-that-nobody-may-see";

    private readonly string _data = Directory.CreateTempSubdirectory("serverless-listen-").FullName;

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Theory]
    [InlineData("http://0.0.0.0:{0}")]
    [InlineData("http://127.0.0.1:{0};http://*:{0}")]
    [InlineData("http://+:{0}")]
    [InlineData("http://box.example:{0}")]
    [InlineData("http://localhost.:{0}")]
    [InlineData("http://127.0.0.1.evil.example:{0}")]
    [InlineData("http://[::]:{0}")]
    [InlineData("http://[2001:db8::1]:{0}")]
    [InlineData("http://[::ffff:192.0.2.1]:{0}")]
    [InlineData("http://0:{0}")]
    [InlineData("HTTP://192.0.2.1:{0}")]
    public async Task Start_BeyondLoopback_IsRefusedInOneLineBeforeAnythingElse(string urls)
    {
        (var exitCode, var output) = await HostProcess.RunAsync("--urls", string.Format(urls, HostProcess.FreePort()), "--data", _data);

        exitCode.ShouldBe(1);
        Lines(output).ShouldHaveSingleItem().ShouldContain("--allow-anonymous");
        Directory.EnumerateFileSystemEntries(_data).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("ASPNETCORE_URLS", "http://0.0.0.0:0", "--allow-anonymous")]
    [InlineData("Kestrel__Endpoints__Http__Url", "http://0.0.0.0:0", "Kestrel__Endpoints")]
    [InlineData("ApiAuthFile", "/nowhere/at/all", "/nowhere/at/all")]
    [InlineData("ApiAuth", Secret, "user:password")]
    [InlineData("ApiKey", Secret + " ", "ApiKey")]
    public async Task Start_EnvironmentSaysWhatCannotBe_IsRefusedInOneLine(string setting, string value, string words)
    {
        (var exitCode, var output) = await HostProcess.RunWithAsync(
            ["--data", _data],
            new Dictionary<string, string?> { [setting] = value }
        );

        exitCode.ShouldBe(1);
        Lines(output).ShouldHaveSingleItem().ShouldContain(words);
        output.ShouldNotContain(Secret);
        Directory.EnumerateFileSystemEntries(_data).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("--auth needs a value.", "--auth", "")]
    [InlineData("--auth cannot be used with --auth-file.", "--auth", "ada:" + Secret, "--auth-file", "x")]
    [InlineData("--api-key cannot be used with --api-key-file.", "--api-key", Secret, "--api-key-file", "x")]
    [InlineData("ApiAuth must have the form user:password", "--auth", Secret)]
    public async Task Start_OptionsThatCannotBe_AreRefusedWithoutTheSecret(string words, params string[] options)
    {
        (var exitCode, var output) = await HostProcess.RunAsync(["--data", _data, .. options]);

        exitCode.ShouldBe(1);
        Lines(output)[0].ShouldContain(words);
        output.ShouldNotContain(Secret);
    }

    /// <summary>The file of settings that the framework reads in the current folder can name addresses, too.</summary>
    [Fact]
    public async Task Start_FileNamesOtherAddresses_ListensWhereItIsTold()
    {
        var other = HostProcess.FreePort();
        await File.WriteAllTextAsync(
            Path.Combine(_data, "appsettings.json"),
            $$"""{"Urls": "http://0.0.0.0:{{other}}", "Kestrel": {"Endpoints": {"x": {"Url": "http://0.0.0.0:{{other}}"} } } }"""
        );
        await using var host = await HostProcess.StartWithAsync([], startedIn: _data);
        using TcpClient client = new();

        await Should.ThrowAsync<SocketException>(() => client.ConnectAsync(IPAddress.Loopback, other));
    }

    [Fact]
    public async Task Start_UrlsOfTheEnvironment_AreWhereItListens()
    {
        var port = HostProcess.FreePort();
        await using var host = await HostProcess.StartWithAsync(
            ["--data", _data],
            port,
            new Dictionary<string, string?> { ["ASPNETCORE_URLS"] = $"http://127.0.0.1:{port}" },
            sayUrls: false
        );

        (await StatusAsync(host, "127.0.0.1", "/api/version")).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Start_BeyondLoopbackWhenAnonymousIsAllowed_AnswersAtAnyAddressAndAllowedNames()
    {
        var port = HostProcess.FreePort();
        await using var host = await HostProcess.StartWithAsync(
            ["--urls", $"http://0.0.0.0:{port}", "--allow-anonymous", "--allowed-hosts", "box.example", "--data", _data],
            port
        );

        (await StatusAsync(host, "192.0.2.1", "/api/health")).ShouldBe(HttpStatusCode.OK);
        (await StatusAsync(host, "box.example", "/api/health")).ShouldBe(HttpStatusCode.OK);
        (await StatusAsync(host, "evil.example", "/api/health")).ShouldBe(HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Start_BeyondLoopbackWithASecret_AsksForItAndShowsItNowhere(bool onTheCommandLine)
    {
        var port = HostProcess.FreePort();
        var file = Path.Combine(_data, "auth");
        await File.WriteAllTextAsync(file, $"ada:{Secret}\n");
        await using var host = await HostProcess.StartWithAsync(
            [
                "--urls",
                $"http://0.0.0.0:{port}",
                "--data",
                Path.Combine(_data, "data"),
                .. onTheCommandLine ? ["--auth", $"ada:{Secret}", "--api-key-file", file] : new[] { "--auth-file", file },
            ],
            port,
            // The command line wins, and the host is asked to log all that it can.
            new Dictionary<string, string?> { ["ApiAuth"] = "ada:other", ["Logging__LogLevel__Default"] = "Trace" }
        );

        (await StatusAsync(host, "192.0.2.1", "/api/version")).ShouldBe(HttpStatusCode.Unauthorized);
        (await StatusAsync(host, "192.0.2.1", "/api/version", "ada:other")).ShouldBe(HttpStatusCode.Unauthorized);
        (await StatusAsync(host, "192.0.2.1", "/api/version", "ada:" + Secret)).ShouldBe(HttpStatusCode.OK);
        (await StatusAsync(host, "192.0.2.1", "/metrics", "ada:" + Secret)).ShouldBe(HttpStatusCode.OK);
        await host.WhenWrittenAsync("curl");
        host.Output.ShouldContain("curl -u '<user:password>' -X POST");
        host.Output.ShouldContain("trce: ");
        host.Output.ShouldNotContain(Secret);
        host.Output.ShouldNotContain(Convert.ToBase64String(Encoding.UTF8.GetBytes("ada:" + Secret)));
    }

    [Fact]
    public async Task Start_OnASocketOfThisMachine_NeedsNoSecret()
    {
        var path = Path.Combine(_data, "api.sock");
        var port = HostProcess.FreePort();
        await using var host = await HostProcess.StartWithAsync(
            ["--urls", $"http://127.0.0.1:{port};http://unix:{path}", "--data", Path.Combine(_data, "data")],
            port
        );
        using SocketsHttpHandler handler = new()
        {
            ConnectCallback = async (_, cancellation) =>
            {
                Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellation);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
        using HttpClient client = new(handler);

        (await client.GetStringAsync(new Uri("http://localhost/api/version"))).ShouldBe("\"0.8.4\"");
    }

    /// <summary>What the web server says it listens on counts, too: an author's code can add to it.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Check_OneOfTheAddressesIsBeyondLoopback_IsRefusedWithoutASecret(bool isAuthenticated)
    {
        ListenOptions listen = new(null, [], AllowAnonymous: false);
        var check = () => listen.Check("http://127.0.0.1:1;http://[::]:2", isAuthenticated);

        if (isAuthenticated)
        {
            check().Contains("192.0.2.1").ShouldBeTrue();
        }
        else
        {
            Should.Throw<ListenRefusedException>(check).Message.ShouldContain("'http://[::]:2'");
        }
    }

    private static async Task<HttpStatusCode> StatusAsync(HostProcess host, string name, string path, string? auth = null)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, path) { Headers = { Host = name } };
        if (auth is not null)
        {
            request.Headers.Authorization = new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(auth)));
        }

        using var response = await host.Client.SendAsync(request);
        return response.StatusCode;
    }

    private static string[] Lines(string output) =>
        output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
