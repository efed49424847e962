using System.Text.RegularExpressions;

namespace Serverless.Host.Tests.Docs;

/// <summary>Finds the commands of the README and the pages of the documentation.</summary>
internal static partial class MarkdownCommands
{
    /// <summary>The top of the repository.</summary>
    public static string Root { get; } = FindRoot();

    public static IReadOnlyList<DocumentedCommand> All()
    {
        string[] pages =
        [
            Path.Combine(Root, "README.md"),
            .. Directory.GetFiles(Path.Combine(Root, "docs"), "*.md"),
            Path.Combine(Root, "infra", "README.md"),
        ];
        return [.. pages.SelectMany(page => Read(Path.GetRelativePath(Root, page).Replace('\\', '/'), File.ReadAllText(page)))];
    }

    public static IEnumerable<DocumentedCommand> Read(string page, string text)
    {
        foreach (Match block in Blocks().Matches(text))
        {
            string[] lines =
            [
                .. block
                    .Groups["text"]
                    .Value.TrimEnd('\n')
                    .Split('\n')
                    .Select(line =>
                        line.StartsWith(block.Groups["indent"].Value, StringComparison.Ordinal)
                            ? line[block.Groups["indent"].Length..]
                            : line
                    ),
            ];

            // With prompts, the other lines are answers.
            string[] prompted = [.. lines.Where(line => line.StartsWith("$ ", StringComparison.Ordinal)).Select(line => line[2..])];
            var commands = string.Join('\n', prompted.Length > 0 ? prompted : lines);
            if (
                prompted.Length > 0
                || block.Groups["language"].Value == "bash"
                || (block.Groups["language"].Length == 0 && Programs().IsMatch(commands))
            )
            {
                yield return new(page, LineOf(text, block.Index), commands);
            }
        }

        var prose = Blocks().Replace(text, block => new string('\n', block.Value.Count(character => character == '\n')));
        foreach (Match inline in Inline().Matches(prose))
        {
            if (Programs().IsMatch(inline.Groups["text"].Value))
            {
                yield return new(page, LineOf(prose, inline.Index), inline.Groups["text"].Value);
            }
        }
    }

    private static int LineOf(string text, int index) => text.AsSpan(0, index).Count('\n') + 1;

    private static string FindRoot()
    {
        DirectoryInfo folder = new(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Serverless.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("The tests do not run in the repository.");
        }

        return folder.FullName;
    }

    [GeneratedRegex(
        @"^(?<indent> *)```(?<language>\w*)\n(?<text>.*?)^ *```",
        RegexOptions.Singleline | RegexOptions.Multiline | RegexOptions.ExplicitCapture,
        10_000
    )]
    private static partial Regex Blocks();

    [GeneratedRegex(@"`(?<text>[^`\n]+)`", RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex Inline();

    /// <summary>What begins with a program and has an argument.</summary>
    [GeneratedRegex(
        @"^([A-Z_]+=\S+ )?(curl|dotnet|npx|npm|azd|az|func|kubectl|docker|sqlite3|infra/check/run) \S",
        RegexOptions.ExplicitCapture,
        10_000
    )]
    private static partial Regex Programs();
}
