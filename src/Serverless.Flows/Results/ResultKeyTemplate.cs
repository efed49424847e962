using System.Text;
using System.Text.Json;

namespace Serverless.Flows.Results;

/// <summary>
/// The key under which the values of a task or flow are stored, as in <c>reports/{parameters.day}</c>. Values of parameters are escaped as
/// in URLs, so that none of them is more than a part of the key.
/// </summary>
internal sealed class ResultKeyTemplate
{
    private const string ParameterPrefix = "parameters.";

    internal static readonly ResultKeyNames OfTask = new(
        "task",
        "{flow_run.id}/{task_run.id}",
        ["flow_run.id", "task.name", "task_run.id", "task_run.name"]
    );

    internal static readonly ResultKeyNames OfFlow = new("flow", "{flow_run.id}/result", ["flow.name", "flow_run.id", "flow_run.name"]);

    /// <summary>The key of the values of tasks that are stored where their flow says.</summary>
    internal static readonly ResultKeyTemplate DefaultOfTask = Parse(OfTask.Default, OfTask, [], out _)!;

    /// <summary>The key of the values of flows that are stored where their caller says.</summary>
    internal static readonly ResultKeyTemplate DefaultOfFlow = Parse(OfFlow.Default, OfFlow, [], out _)!;

    private readonly List<(string Text, bool IsName)> _parts;

    private ResultKeyTemplate(List<(string Text, bool IsName)> parts) => _parts = parts;

    /// <summary>Reads a template.</summary>
    /// <param name="text">The template.</param>
    /// <param name="names">What it may name.</param>
    /// <param name="parameters">The names of the parameters in JSON.</param>
    /// <param name="problem">What is wrong with it; null if nothing is.</param>
    internal static ResultKeyTemplate? Parse(string text, ResultKeyNames names, IReadOnlyCollection<string> parameters, out string? problem)
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
                !names.Known.Contains(name, StringComparer.Ordinal)
                && !(name.StartsWith(ParameterPrefix, StringComparison.Ordinal) && parameters.Contains(name[ParameterPrefix.Length..]))
            )
            {
                var all = names.Known.Concat(parameters.Select(parameter => ParameterPrefix + parameter));
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
    internal string KeyOf(string argumentsJson, TaskContext context, string task, string runName) =>
        KeyOf(
            argumentsJson,
            name =>
                name switch
                {
                    "flow_run.id" => context.FlowRunId.ToString(),
                    "task_run.id" => context.TaskRunId.ToString(),
                    "task_run.name" => runName,
                    _ => task,
                }
        );

    /// <summary>The key of a flow run.</summary>
    /// <param name="parametersJson">Its parameters, with their defaults.</param>
    /// <param name="flowRunId">Its id.</param>
    /// <param name="flow">The flow's name.</param>
    /// <param name="runName">The flow run's name.</param>
    /// <exception cref="InvalidOperationException">It is no key.</exception>
    internal string KeyOf(string parametersJson, Guid flowRunId, string flow, string runName) =>
        KeyOf(
            parametersJson,
            name =>
                name switch
                {
                    "flow_run.id" => flowRunId.ToString(),
                    "flow_run.name" => runName,
                    _ => flow,
                }
        );

    private string KeyOf(string argumentsJson, Func<string, string> valueOf)
    {
        using var arguments = JsonDocument.Parse(string.IsNullOrWhiteSpace(argumentsJson) ? "{}" : argumentsJson);
        var key = Fill(name =>
            !name.StartsWith(ParameterPrefix, StringComparison.Ordinal) ? Escape(valueOf(name))
            : arguments.RootElement.TryGetProperty(name[ParameterPrefix.Length..], out var value) ? Escape(TextOf(value))
            : "null"
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
