using System.Text;

namespace Serverless.Core.States;

/// <summary>How states are shown, in the forms that Prefect's clients and logs know.</summary>
internal static class StateText
{
    /// <summary>For logs: <c>Completed()</c>, <c>Failed('no luck')</c>, <c>TimedOut('too long', type=FAILED)</c>.</summary>
    public static string Brief(IState state)
    {
        var name = NameOf(state);
        var type = TypeOf(state);
        var message = string.IsNullOrEmpty(state.Message) ? "" : Quote(state.Message);
        var isNamed = !string.Equals(name, type, StringComparison.OrdinalIgnoreCase);
        return $"{name}({message}{(message.Length > 0 && isNamed ? ", " : "")}{(isNamed ? $"type={type}" : "")})";
    }

    /// <summary>For a closer look: <c>Completed(message='done', type=COMPLETED, result=5)</c>.</summary>
    public static string Detailed(IState state) =>
        $"{NameOf(state)}(message={(state.Message is { } message ? Quote(message) : "None")}, type={TypeOf(state)}, "
        + $"result={state.Data?.GetRawText() ?? "None"})";

    /// <summary>A text of at most so many characters, which says at its end that it was longer.</summary>
    public static string? Cut(string? text, int length)
    {
        if (text is null || text.Length <= length)
        {
            return text;
        }

        var mark = $"… (cut: {text.Length} characters)";
        var kept = length - mark.Length;
        return string.Concat(text.AsSpan(0, char.IsHighSurrogate(text[kept - 1]) ? kept - 1 : kept), mark);
    }

    private static string TypeOf(IState state) => state.Type.DefaultName().ToUpperInvariant();

    private static string NameOf(IState state) => state.Name ?? state.Type.DefaultName();

    private static string Quote(string text)
    {
        var quote = text.Contains('\'', StringComparison.Ordinal) && !text.Contains('"', StringComparison.Ordinal) ? '"' : '\'';
        var quoted = new StringBuilder(text.Length + 2).Append(quote);
        foreach (var c in text)
        {
            _ = c switch
            {
                '\\' => quoted.Append(@"\\"),
                '\n' => quoted.Append(@"\n"),
                '\r' => quoted.Append(@"\r"),
                '\t' => quoted.Append(@"\t"),
                _ when c == quote => quoted.Append('\\').Append(c),
                _ => quoted.Append(c),
            };
        }

        return quoted.Append(quote).ToString();
    }
}
