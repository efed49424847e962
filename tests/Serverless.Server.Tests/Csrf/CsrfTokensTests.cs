using Serverless.Server.Csrf;
using Serverless.Storage;

namespace Serverless.Server.Tests.Csrf;

public sealed class CsrfTokensTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Fact]
    public async Task Token_OfAClient_IsValidForItUntilItExpires()
    {
        await using var server = await TestServer.StartAsync();
        var tokens = server.Get<CsrfTokens>();

        var token = await tokens.IssueAsync("client", Hour, CancellationToken.None);

        token.Client.ShouldBe("client");
        token.Expiration.ShouldBe(token.Created + Hour);
        (await tokens.IsValidAsync("client", token.Token, CancellationToken.None)).ShouldBeTrue();
        (await tokens.IsValidAsync("clien", token.Token, CancellationToken.None)).ShouldBeFalse();
        (await tokens.IsValidAsync("", token.Token, CancellationToken.None)).ShouldBeFalse();

        server.Time.Advance(Hour - TimeSpan.FromMilliseconds(1));
        (await tokens.IsValidAsync("client", token.Token, CancellationToken.None)).ShouldBeTrue();
        server.Time.Advance(TimeSpan.FromMilliseconds(1));
        (await tokens.IsValidAsync("client", token.Token, CancellationToken.None)).ShouldBeFalse();
    }

    [Fact]
    public async Task Token_WithAnyDigitChanged_IsNotValid()
    {
        await using var server = await TestServer.StartAsync();
        var tokens = server.Get<CsrfTokens>();
        var token = (await tokens.IssueAsync("client", Hour, CancellationToken.None)).Token;

        for (var at = 0; at < token.Length; at++)
        {
            var changed = token[..at] + (token[at] == '0' ? '1' : '0') + token[(at + 1)..];
            (await tokens.IsValidAsync("client", changed, CancellationToken.None)).ShouldBeFalse(changed);
        }

        foreach (var wrong in new[] { "", "x", token[1..], token + "0", token + token, new string('g', token.Length) })
        {
            (await tokens.IsValidAsync("client", wrong, CancellationToken.None)).ShouldBeFalse(wrong);
        }
    }

    [Fact]
    public async Task Token_OfOneInstance_IsValidAtTheOthersAndAfterARestart()
    {
        await using var server = await TestServer.StartAsync();
        var token = (await Instance(server).IssueAsync("client", Hour, CancellationToken.None)).Token;

        (await Instance(server).IsValidAsync("client", token, CancellationToken.None)).ShouldBeTrue();
    }

    /// <summary>Another instance writes the key between the look and the write of this one.</summary>
    [Fact]
    public async Task Token_TwoInstancesMakeTheKeyAtOnce_IsValidAtBoth()
    {
        await using var server = await TestServer.StartAsync();
        string? other = null;
        server.Store.BeforeCommit = async _ =>
        {
            server.Store.BeforeCommit = null;
            other = (await Instance(server).IssueAsync("other", Hour, CancellationToken.None)).Token;
        };
        var tokens = Instance(server);

        var token = (await tokens.IssueAsync("client", Hour, CancellationToken.None)).Token;

        (await tokens.IsValidAsync("other", other.ShouldNotBeNull(), CancellationToken.None)).ShouldBeTrue();
        (await Instance(server).IsValidAsync("client", token, CancellationToken.None)).ShouldBeTrue();
    }

    /// <summary>Whoever asks for tokens of many names fills no table.</summary>
    [Fact]
    public async Task Tokens_OfManyClients_WriteOneRow()
    {
        await using var server = await TestServer.StartAsync();
        var tokens = server.Get<CsrfTokens>();
        var commits = server.Store.Commits;

        foreach (var client in Enumerable.Range(0, 100))
        {
            var name = $"client-{client}";
            var token = (await tokens.IssueAsync(name, Hour, CancellationToken.None)).Token;
            (await tokens.IsValidAsync(name, token, CancellationToken.None)).ShouldBeTrue();
        }

        (server.Store.Commits - commits).ShouldBe(1);
        (await server.Store.QueryAsync(RowRange.WholeTable(CsrfTokens.Table))).Rows.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Token_StoreAwayWhenTheKeyIsMade_FailsAndIsMadeByTheNext()
    {
        await using var server = await TestServer.StartAsync();
        var tokens = server.Get<CsrfTokens>();
        server.Store.BeforeCommit = _ => throw new RowStoreUnavailableException("It is away.");

        await Should.ThrowAsync<RowStoreUnavailableException>(() => tokens.IssueAsync("client", Hour, CancellationToken.None));

        server.Store.BeforeCommit = null;
        var token = (await tokens.IssueAsync("client", Hour, CancellationToken.None)).Token;
        (await tokens.IsValidAsync("client", token, CancellationToken.None)).ShouldBeTrue();
    }

    private static CsrfTokens Instance(TestServer server) => new(server.Store, server.Time);
}
