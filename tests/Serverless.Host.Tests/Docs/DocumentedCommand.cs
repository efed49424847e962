namespace Serverless.Host.Tests.Docs;

/// <summary>A block of commands, or a command within a sentence, as a page has it.</summary>
/// <param name="Page">The page, from the top of the repository.</param>
/// <param name="Line">Where it begins.</param>
/// <param name="Text">What a reader would paste, without prompts and without what is shown as an answer.</param>
internal sealed record DocumentedCommand(string Page, int Line, string Text)
{
    /// <summary>The programs that are called, but for the shell's own and small tools.</summary>
    public string Program => Text.TrimStart().Split([' ', '\n', '='], 2)[0];

    public override string ToString() => $"{Page}:{Line}: {Text.Split('\n')[0]}";
}
