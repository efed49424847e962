using System.Collections.Frozen;
using System.Text;
using System.Text.Json;

namespace Serverless.Flows.Results;

/// <summary>
/// The key under which a task's values are stored, as in <c>reports/{parameters.day}/{task_run.id}</c>. Values of parameters are escaped as
/// in URLs, so that none of them is more than a part of the key.
/// </summary>
internal sealed class ResultKeyTemplate
{
    internal const string Default = "{flow_run.id}/{task_run.id}";

    private const string ParameterPrefix = "parameters.";

    private static readonly FrozenSet<string> Known = FrozenSet.Create(
        StringComparer.Ordinal,
        "flow_run.id",
        "task_run.id",
        "task_run.name",
        "task.name"
    );

    private readonly List<(string Text, bool IsName)> _parts;

    private ResultKeyTemplate(List<(string Text, bool IsName)> parts) => _parts = parts;

    /// <summary>Reads a template.</summary>
    /// <param name="text">The template.</param>
    /// <param name="parameters">The names of the task's parameters in JSON.</param>
    /// <param name="problem">What is wrong with it; null if nothing is.</param>
    internal static ResultKeyTemplate? Parse(string text, IReadOnlyCollection<string> parameters, out string? problem)
    {
        List<(string, bool)> parts = [];
        problem = null;
        var at = 0;
        while (at < text.Length)
        {
            var open = text.IndexOfAny(['{', '}'], at);
            if (open < 0)
            {
                parts.Add((text[at..], false));
                break;
            }

            var close = text.IndexOf('}', open);
            if (text[open] == '}' || close < 0)
            {
                problem = "its braces do not match";
                return null;
            }

            var name = text[(open + 1)..close];
            if (
                !Known.Contains(name)
                && !(name.StartsWith(ParameterPrefix, StringComparison.Ordinal) && parameters.Contains(name[ParameterPrefix.Length..]))
            )
            {
                var all = Known.Order(StringComparer.Ordinal).Concat(parameters.Select(parameter => ParameterPrefix + parameter));
                problem = $"there is no {{{name}}} (known: {string.Join(", ", all)})";
                return null;
            }

            parts.Add((text[at..open], false));
            parts.Add((name, true));
            at = close + 1;
        }

        ResultKeyTemplate template = new(parts);
        problem = ResultKeys.Problem(template.Fill(_ => "x"));
        return problem is null ? template : null;
    }

    /// <summary>The key of a task run.</summary>
    /// <param name="argumentsJson">Its arguments.</param>
    /// <param name="context">The attempt.</param>
    /// <param name="task">The task's name.</param>
    /// <param name="runName">The task run's name.</param>
    /// <exception cref="InvalidOperationException">It is no key.</exception>
    internal string KeyOf(string argumentsJson, TaskContext context, string task, string runName)
    {
        using var arguments = JsonDocument.Parse(string.IsNullOrWhiteSpace(argumentsJson) ? "{}" : argumentsJson);
        var key = Fill(name =>
            name switch
            {
                "flow_run.id" => context.FlowRunId.ToString(),
                "task_run.id" => context.TaskRunId.ToString(),
                "task_run.name" => Escape(runName),
                "task.name" => Escape(task),
                _ => arguments.RootElement.TryGetProperty(name[ParameterPrefix.Length..], out var value) ? Escape(TextOf(value)) : "null",
            }
        );
        return ResultKeys.Problem(key) is { } problem
            ? throw new InvalidOperationException($"The result key '{key}' is none: {problem}.")
            : key;
    }

    private static string TextOf(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();

    /// <summary>A text that is nothing but dots would lead out of its folder.</summary>
    private static string Escape(string text)
    {
        var escaped = Uri.EscapeDataString(text).Replace("*", "%2A", StringComparison.Ordinal);
        return escaped.Length == 0 ? "%"
            : escaped.EndsWith('.') ? $"{escaped[..^1]}%2E"
            : escaped;
    }

    private string Fill(Func<string, string> valueOf)
    {
        StringBuilder key = new();
        foreach (var (text, isName) in _parts)
        {
            key.Append(isName ? valueOf(text) : text);
        }

        return key.ToString();
    }
}
