using System.Runtime.CompilerServices;
using Serverless.Server.Runs.Writing;
using Serverless.Storage;

namespace Serverless.Server.Tests.Architecture;

/// <summary>Each table has one owner, and nobody else commits to it: see <see cref="TableOwners"/>.</summary>
public sealed class TableOwnersTests
{
    [Fact]
    public void Sources_ThatCommit_AreThoseOfOwners()
    {
        var sources = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(File())!, "../../../src"));
        var owners = TableOwners.Namespaces.Select(name => $"namespace {name};").ToHashSet(StringComparer.Ordinal);

        var others =
            from project in new[] { "Serverless.Server", "Serverless.Functions", "Serverless.Host" }
            from file in Directory.EnumerateFiles(Path.Combine(sources, project), "*.cs", SearchOption.AllDirectories)
            where !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal)
            let lines = System.IO.File.ReadAllLines(file)
            where lines.Any(line => line.Contains("store.CommitAsync(", StringComparison.OrdinalIgnoreCase))
            where !lines.Any(owners.Contains)
            select Path.GetRelativePath(sources, file);

        others.ShouldBeEmpty();
    }

    /// <summary>The store that the tests of this project use checks each commit in this way.</summary>
    [Theory]
    [InlineData("runindex", true)]
    [InlineData("logs", false)]
    [InlineData("a-new-table", false)]
    public async Task Commit_OfAClassOfTheServer_IsOfItsOwnRowsOnly(string table, bool isItsOwn)
    {
        await using var server = await TestServer.StartAsync();
        Row dead = new("0", "list|row", [], "");

        var commit = () => server.Get<DeadRows>().DeleteAsync(table, [dead], CancellationToken.None);

        await (isItsOwn ? commit() : Should.ThrowAsync<InvalidOperationException>(commit));
    }

    private static string File([CallerFilePath] string path = "") => path;
}
