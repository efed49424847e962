using System.Text;
using System.Text.Json;
using Serverless.Flows.Binding;

namespace Serverless.Flows;

/// <summary>
/// The name of a run, made from its parameters: <c>report-{day:yyyy-MM-dd}-{order.id}</c>. Braces that are meant as such are doubled.
/// </summary>
internal sealed class RunNameTemplate
{
    /// <summary>Longest name; the rest is cut.</summary>
    internal const int Longest = 200;

    private readonly List<Part> _parts = [];

    private RunNameTemplate() { }

    /// <summary>Reads a template; null for none, and for one with problems.</summary>
    /// <param name="setting">Where it is declared, as problems name it.</param>
    /// <param name="template">The declared text; null for none.</param>
    /// <param name="parameters">What it may name.</param>
    /// <param name="problems">Gets what is wrong.</param>
    internal static RunNameTemplate? Parse(
        string setting,
        string? template,
        IReadOnlyList<CallableParameter> parameters,
        List<string> problems
    )
    {
        if (template is null)
        {
            return null;
        }

        RunNameTemplate parsed = new();
        var problem = string.IsNullOrWhiteSpace(template) ? "is empty" : parsed.Read(template, parameters);
        if (problem is not null)
        {
            problems.Add($"{setting} '{template}' {problem}");
        }

        return problem is null ? parsed : null;
    }

    /// <summary>The name for arguments; null when nothing is left of it.</summary>
    /// <param name="json">A JSON object; parameters with defaults may be missing.</param>
    internal string? Format(string json)
    {
        var text = FormatWhole(json);
        return text.Length == 0 ? null
            : text.Length <= Longest ? text
            : text[..(char.IsHighSurrogate(text[Longest - 1]) ? Longest - 1 : Longest)];
    }

    /// <summary>The text for arguments, however long, without blanks around it.</summary>
    /// <param name="json">A JSON object; parameters with defaults may be missing.</param>
    internal string FormatWhole(string json)
    {
        using var document = JsonDocument.Parse(json.Length == 0 ? "{}" : json);
        StringBuilder name = new();
        foreach (var part in _parts)
        {
            name.Append(part.Text ?? part.Value!.Format(document.RootElement));
        }

        return name.ToString().Trim();
    }

    /// <summary>Takes the text apart; what is wrong with it, or null.</summary>
    private string? Read(string template, IReadOnlyList<CallableParameter> parameters)
    {
        StringBuilder text = new();
        for (var i = 0; i < template.Length; i++)
        {
            var character = template[i];
            if (character is '{' or '}' && i + 1 < template.Length && template[i + 1] == character)
            {
                text.Append(character);
                i++;
            }
            else if (character == '}')
            {
                return "has a } without a {; a brace that is meant as such is doubled";
            }
            else if (character != '{')
            {
                text.Append(character);
            }
            else
            {
                var end = template.IndexOf('}', i);
                if (end < 0)
                {
                    return "has a { without a }; a brace that is meant as such is doubled";
                }

                var (value, problem) = RunNameValue.Parse(template[(i + 1)..end], parameters);
                if (value is null)
                {
                    return problem;
                }

                _parts.Add(new Part(text.ToString(), null));
                _parts.Add(new Part(null, value));
                text.Clear();
                i = end;
            }
        }

        _parts.Add(new Part(text.ToString(), null));
        return null;
    }

    private readonly record struct Part(string? Text, RunNameValue? Value);
}
