using System.Reflection;
using Serverless.Flows.Binding;

namespace Serverless.Flows.Results;

/// <summary>Where a task declares that its values are stored.</summary>
/// <param name="Storage">The storage's name.</param>
/// <param name="Key">The template of their keys.</param>
/// <param name="Serializer">The serializer's name.</param>
internal sealed record ResultDeclaration(string Storage, ResultKeyTemplate Key, string Serializer)
{
    /// <summary>Reads an attribute.</summary>
    /// <param name="method">The task.</param>
    /// <param name="settings">The attribute.</param>
    /// <param name="declaration">What it says; null for a task whose values are results as usual.</param>
    /// <returns>What is wrong with it; nothing if all is well.</returns>
    internal static List<string> Read(MethodInfo method, TaskAttribute settings, out ResultDeclaration? declaration)
    {
        List<string> problems = [];
        declaration = null;
        if (settings.ResultStorage is not { } storage)
        {
            var unused = settings.ResultKey is not null ? nameof(settings.ResultKey) : nameof(settings.ResultSerializer);
            if (settings.ResultKey is not null || settings.ResultSerializer is not null)
            {
                problems.Add($"{unused} is set, but the task has no ResultStorage: expected the name of a registered storage");
            }

            return problems;
        }

        if (ResultAdapter.ValueTypeOf(method) is null)
        {
            problems.Add($"ResultStorage is '{storage}', but the task returns nothing: expected a task with a value");
        }

        if (string.IsNullOrWhiteSpace(storage))
        {
            problems.Add("ResultStorage is empty; expected the name of a registered storage");
        }

        var parameters = method.GetParameters().Select(parameter => FlowJson.WireName(parameter.Name ?? "")).ToList();
        var key = ResultKeyTemplate.Parse(settings.ResultKey ?? ResultKeyTemplate.Default, parameters, out var problem);
        if (problem is not null)
        {
            problems.Add($"ResultKey is '{settings.ResultKey}', which is no template: {problem}");
        }

        if (problems.Count == 0)
        {
            declaration = new ResultDeclaration(storage, key!, settings.ResultSerializer ?? JsonResultSerializer.Plain);
        }

        return problems;
    }
}
