using System.Text;

namespace Serverless.Storage.Sqlite;

/// <summary>All labels of a key in one text, each between line ends, so that one is found in it as it stands.</summary>
internal static class LabelText
{
    /// <summary>The text; null for no labels.</summary>
    public static string? Of(IReadOnlyList<string> labels)
    {
        if (labels.Count == 0)
        {
            return null;
        }

        StringBuilder text = new("\n");
        foreach (var label in labels)
        {
            _ = text.Append(Escape(label)).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>What is to be found in the text of a key that has the label.</summary>
    public static string Part(string label) => $"\n{Escape(label)}\n";

    /// <summary>The labels of a text.</summary>
    public static IEnumerable<string> Read(string text) => text.Split('\n', StringSplitOptions.None)[1..^1].Select(Unescape);

    private static string Escape(string label) =>
        label.AsSpan().ContainsAny('\n', '\\')
            ? label.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal)
            : label;

    private static string Unescape(string part)
    {
        if (!part.Contains('\\', StringComparison.Ordinal))
        {
            return part;
        }

        StringBuilder label = new();
        for (var i = 0; i < part.Length; i++)
        {
            _ = label.Append(
                part[i] != '\\' ? part[i]
                : part[++i] == 'n' ? '\n'
                : '\\'
            );
        }

        return label.ToString();
    }
}
