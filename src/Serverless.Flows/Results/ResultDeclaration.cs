using System.Reflection;
using Serverless.Flows.Binding;

namespace Serverless.Flows.Results;

/// <summary>Where a task or flow declares that its values are stored.</summary>
/// <param name="Storage">The storage's name.</param>
/// <param name="Key">The template of their keys.</param>
/// <param name="Serializer">The serializer's name.</param>
internal sealed record ResultDeclaration(string Storage, ResultKeyTemplate Key, string Serializer)
{
    /// <summary>Reads the attribute of a task.</summary>
    /// <param name="method">The task.</param>
    /// <param name="settings">The attribute.</param>
    /// <param name="declaration">What it says; null for a task whose values are results as usual.</param>
    /// <returns>What is wrong with it; nothing if all is well.</returns>
    internal static List<string> Read(MethodInfo method, TaskAttribute settings, out ResultDeclaration? declaration)
    {
        var problems = Read(
            method,
            (settings.ResultStorage, settings.ResultKey, settings.ResultSerializer),
            settings.Persists,
            ResultKeyTemplate.OfTask,
            out declaration
        );
        if (settings.Persists is false && (settings.Cache != CacheBy.None || settings.CacheKey is not null))
        {
            problems.Add("PersistResult is false, but the task is cached: a result that is not kept cannot be found again");
        }

        return problems;
    }

    /// <summary>Reads the attribute of a flow.</summary>
    /// <param name="method">The flow.</param>
    /// <param name="settings">The attribute.</param>
    /// <param name="declaration">What it says; null for a flow whose values are results as usual.</param>
    /// <returns>What is wrong with it; nothing if all is well.</returns>
    internal static List<string> Read(MethodInfo method, FlowAttribute settings, out ResultDeclaration? declaration) =>
        Read(
            method,
            (settings.ResultStorage, settings.ResultKey, settings.ResultSerializer),
            settings.Persists,
            ResultKeyTemplate.OfFlow,
            out declaration
        );

    private static List<string> Read(
        MethodInfo method,
        (string? Storage, string? Key, string? Serializer) settings,
        bool? persists,
        ResultKeyNames names,
        out ResultDeclaration? declaration
    )
    {
        List<string> problems = [];
        declaration = null;
        if (settings.Storage is not { } storage)
        {
            if (
                (
                    settings.Key is not null ? "ResultKey"
                    : settings.Serializer is not null ? "ResultSerializer"
                    : null
                ) is
                { } unused
            )
            {
                problems.Add($"{unused} is set, but the {names.Kind} has no ResultStorage: expected the name of a registered storage");
            }

            return problems;
        }

        if (persists is false)
        {
            problems.Add($"PersistResult is false, but ResultStorage is '{storage}': set one of them");
        }

        // The storage of a flow is also that of its tasks: the flow itself may return nothing.
        if (ResultAdapter.ValueTypeOf(method) is null && (names.Kind == "task" || settings.Key is not null))
        {
            problems.Add(
                names.Kind == "task"
                    ? $"ResultStorage is '{storage}', but the task returns nothing: expected a task with a value"
                    : $"ResultKey is '{settings.Key}', but the flow returns nothing: expected a flow with a value"
            );
        }

        if (string.IsNullOrWhiteSpace(storage))
        {
            problems.Add("ResultStorage is empty; expected the name of a registered storage");
        }

        var parameters = method.GetParameters().Select(parameter => FlowJson.WireName(parameter.Name ?? "")).ToList();
        var key = ResultKeyTemplate.Parse(settings.Key ?? names.Default, names, parameters, out var problem);
        if (problem is not null)
        {
            problems.Add($"ResultKey is '{settings.Key}', which is no template: {problem}");
        }

        if (problems.Count == 0)
        {
            declaration = new ResultDeclaration(storage, key!, settings.Serializer ?? JsonResultSerializer.Plain);
        }

        return problems;
    }
}
