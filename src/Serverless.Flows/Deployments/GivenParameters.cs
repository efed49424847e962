using System.Linq.Expressions;
using System.Text.Json;
using Serverless.Flows.Binding;
using Serverless.Flows.Calls;

namespace Serverless.Flows;

/// <summary>Turns parameters that code gives into JSON.</summary>
internal static class GivenParameters
{
    /// <summary>The arguments of a call of the flow, without what the engine fills in.</summary>
    internal static JsonElement? OfCall(FlowDefinition flow, LambdaExpression lambda, List<string> problems)
    {
        var body = lambda.Body;
        while (body is UnaryExpression { NodeType: ExpressionType.Convert, Operand: var operand })
        {
            body = operand;
        }

        if (body is not MethodCallExpression call || call.Method != flow.Method)
        {
            problems.Add($"WithParameters takes a call of {flow.Key} itself; it got: {lambda.Body}");
            return null;
        }

        Dictionary<string, JsonElement> values = new(StringComparer.Ordinal);
        foreach (var (parameter, argument) in flow.Callable.Parameters.Zip(call.Arguments))
        {
            if (parameter.Kind is not ParameterKind.Value)
            {
                continue;
            }

            if (ArgumentScan.Of(argument, item: null) is { UsesParameters: true } or { HasFutures: true } or { Nested: not null })
            {
                problems.Add($"the argument '{parameter.Name}' needs a running flow: {argument}");
                continue;
            }

            Try(() =>
                values[parameter.WireName] = JsonElement.Parse(parameter.ToJson(ExpressionEvaluator.Evaluate(argument), flow.Target))
            );
        }

        return JsonSerializer.SerializeToElement(values, FlowJson.Options);

        void Try(Action add)
        {
            if (Failure(add) is { } problem)
            {
                problems.Add(problem);
            }
        }
    }

    /// <summary>The members of an object.</summary>
    internal static JsonElement? OfObject(object values, List<string> problems)
    {
        JsonElement? json = null;
        if (Failure(() => json = JsonSerializer.SerializeToElement(values, values.GetType(), FlowJson.Options)) is { } problem)
        {
            problems.Add(problem);
        }

        return json;
    }

    private static string? Failure(Action write)
    {
        try
        {
            write();
            return null;
        }
#pragma warning disable CA1031 // Getters and converters of the author's, which say what is wrong in their own way.
        catch (Exception wrong)
#pragma warning restore CA1031
        {
            return $"the parameters cannot be written as JSON: {wrong.Message.TrimEnd('.')}";
        }
    }
}
