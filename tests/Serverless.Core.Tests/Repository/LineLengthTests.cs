namespace Serverless.Core.Tests.Repository;

/// <summary>CSharpier wraps code only: comments and texts are wrapped by hand.</summary>
public sealed class LineLengthTests
{
    private const int Longest = 140;

    [Fact]
    public void Lines_OfAllCode_HaveAtMost140Characters()
    {
        var tooLong = new[] { "src", "tests" }
            .SelectMany(folder =>
                Directory.EnumerateFiles(Path.Combine(RepositoryFolder.Path, folder), "*.cs", SearchOption.AllDirectories)
            )
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .SelectMany(file =>
                File.ReadLines(file)
                    .Select((line, index) => (Line: line, Place: $"{Path.GetRelativePath(RepositoryFolder.Path, file)}:{index + 1}"))
            )
            .Where(line => line.Line.Length > Longest && !IsJson(line.Line))
            .Select(line => line.Place);

        tooLong.ShouldBeEmpty();
    }

    /// <summary>What a test sends or expects is one JSON text, as it goes over the wire.</summary>
    private static bool IsJson(string line) => line.Contains("\":", StringComparison.Ordinal);
}
