using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;
using Serverless.Functions.Hosting;

namespace Serverless.FunctionApp.Tests.Fixtures;

/// <summary>
/// A function with its bindings and retries as one text, to compare what the code declares with what the worker tells its host.
/// </summary>
internal static class FunctionTexts
{
    /// <summary>The functions of <c>Serverless.Functions</c> by their attributes.</summary>
    public static IEnumerable<string> Declared =>
        Methods.Select(method =>
            Text(
                method.GetCustomAttribute<FunctionAttribute>()!.Name,
                $"{method.DeclaringType!.FullName}.{method.Name}",
                [.. method.GetParameters().SelectMany(Bindings)],
                method.GetCustomAttribute<FixedDelayRetryAttribute>() is { } retry
                    ? $"{retry.MaxRetryCount} after {TimeSpan.Parse(retry.DelayInterval).TotalSeconds}s"
                    : "none"
            )
        );

    private static IEnumerable<MethodInfo> Methods =>
        typeof(ServerlessFunctionsApp)
            .Assembly.GetTypes()
            .SelectMany(type => type.GetMethods())
            .Where(method => method.IsDefined(typeof(FunctionAttribute)));

    /// <summary>A function as the worker describes it.</summary>
    public static string Of(JsonObject function) =>
        Text(
            (string)function["name"]!,
            (string)function["entryPoint"]!,
            [.. function["rawBindings"]!.AsArray().Select(binding => JsonNode.Parse((string)binding!)!.AsObject())],
            function["retryOptions"] is JsonObject retry ? $"{retry["maxRetryCount"]} after {retry["delayInterval"]}" : "none"
        );

    private static IEnumerable<JsonObject> Bindings(ParameterInfo parameter)
    {
        JsonObject binding = new() { ["name"] = parameter.Name, ["direction"] = "In" };
        switch (parameter.GetCustomAttribute<BindingAttribute>())
        {
            case HttpTriggerAttribute http:
                binding["type"] = "httpTrigger";
                binding["authLevel"] = http.AuthLevel.ToString();
                binding["methods"] = JsonSerializer.SerializeToNode(http.Methods);
                binding["route"] = http.Route;
                return
                [
                    binding,
                    new JsonObject
                    {
                        ["name"] = "$return",
                        ["type"] = "http",
                        ["direction"] = "Out",
                    },
                ];
            case TimerTriggerAttribute timer:
                binding["type"] = "timerTrigger";
                binding["schedule"] = timer.Schedule;
                return [binding];
            case QueueTriggerAttribute queue:
                binding["type"] = "queueTrigger";
                binding["queueName"] = queue.QueueName;
                binding["dataType"] = parameter.ParameterType.Name;
                return [binding];
            case OrchestrationTriggerAttribute or ActivityTriggerAttribute or DurableClientAttribute:
                var attribute = parameter.GetCustomAttribute<BindingAttribute>()!.GetType().Name;
                binding["type"] = char.ToLowerInvariant(attribute[0]) + attribute[1..^nameof(Attribute).Length];
                if (parameter.ParameterType == typeof(string))
                {
                    binding["dataType"] = nameof(String);
                }

                return [binding];
            case null:
                return [];
            case { } other:
                throw new NotSupportedException($"{parameter.Member.DeclaringType}: {other}");
        }
    }

    private static string Text(string name, string entryPoint, IEnumerable<JsonObject> bindings, string retries) =>
        $"{name} = {entryPoint}, retries: {retries}{string.Concat(bindings.Select(Text).Order(StringComparer.Ordinal))}";

    private static string Text(JsonObject binding) =>
        "\n  "
        + string.Join(
            ' ',
            binding
                .OrderBy(property => property.Key, StringComparer.Ordinal)
                .Select(property => $"{property.Key}:{property.Value?.ToJsonString()}")
        );
}
