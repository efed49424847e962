using System.Collections;
using System.Collections.Concurrent;
using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Serverless.Flows.Binding;

/// <summary>
/// Checks the validation attributes inside a value: on properties and on the constructor parameters of records, through nested
/// objects, lists and dictionaries.
/// </summary>
internal static class ValueRules
{
    private static readonly ConcurrentDictionary<Type, bool> AnyRules = new();

    internal static void Check(string path, object? value, JsonTypeInfo type, List<ParameterError> errors)
    {
        if (value is null || !AnyRules.GetOrAdd(type.Type, static start => HasRules(start, [])))
        {
            return;
        }

        switch (type.Kind)
        {
            case JsonTypeInfoKind.Object:
                CheckObject(path, value, type, errors);
                break;
            case JsonTypeInfoKind.Enumerable:
                var index = 0;
                foreach (var item in (IEnumerable)value)
                {
                    Check($"{path}[{index++}]", item, FlowJson.Options.GetTypeInfo(type.ElementType!), errors);
                }

                break;
            case JsonTypeInfoKind.Dictionary when value is IDictionary entries:
                foreach (DictionaryEntry entry in entries)
                {
                    Check($"{path}.{entry.Key}", entry.Value, FlowJson.Options.GetTypeInfo(type.ElementType!), errors);
                }

                break;
        }
    }

    internal static IEnumerable<ValidationAttribute> Of(JsonPropertyInfo property) =>
        new[] { property.AttributeProvider, property.AssociatedParameter?.AttributeProvider }
            .OfType<ICustomAttributeProvider>()
            .SelectMany(provider => provider.GetCustomAttributes(typeof(ValidationAttribute), inherit: true))
            .Cast<ValidationAttribute>();

    private static void CheckObject(string path, object value, JsonTypeInfo type, List<ParameterError> errors)
    {
        foreach (var property in type.Properties)
        {
            if (property.Get is not { } get)
            {
                continue;
            }

            var member = get(value);
            var memberPath = $"{path}.{property.Name}";
            foreach (var rule in Of(property))
            {
                if (RuleCheck.Failure(rule, member, new ValidationContext(value) { MemberName = property.Name }) is { } failure)
                {
                    var shown = JsonSerializer.Serialize(member, FlowJson.Options.GetTypeInfo(property.PropertyType));
                    errors.Add(new ParameterError(memberPath, Expectation.Of(rule, failure), Expectation.Shorten(shown)));
                }
            }

            Check(memberPath, member, FlowJson.Options.GetTypeInfo(property.PropertyType), errors);
        }
    }

    private static bool HasRules(Type type, HashSet<Type> seen)
    {
        if (!seen.Add(type))
        {
            return false;
        }

        var info = FlowJson.Options.GetTypeInfo(type);
        return info.Properties.Any(property => Of(property).Any() || HasRules(property.PropertyType, seen))
            || (info.ElementType is { } element && HasRules(element, seen));
    }
}
