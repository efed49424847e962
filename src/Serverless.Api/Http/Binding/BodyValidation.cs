using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Serverless.Api.Bodies;
using Serverless.Core.Filters;
using Serverless.Core.Models;
using Serverless.Core.States;

namespace Serverless.Api.Http.Binding;

/// <summary>Compares a body with the type it is to become, and lists every difference as pydantic does.</summary>
internal static class BodyValidation
{
    /// <summary>The types that refuse unknown members on Prefect's wire, besides the filters.</summary>
    private static readonly FrozenSet<Type> Strict = new[]
    {
        typeof(FlowRunCreate),
        typeof(DeploymentFlowRunCreate),
        typeof(DeploymentScheduleCreate),
        typeof(DeploymentScheduleUpdate),
        typeof(FlowRunUpdate),
        typeof(TaskRunCreate),
        typeof(TaskRunUpdate),
        typeof(FlowCreate),
        typeof(FlowUpdate),
        typeof(LogCreate),
        typeof(ProposedState),
        typeof(ConcurrencyLimitCreate),
        typeof(ConcurrencyLimitV2Create),
        typeof(ConcurrencyLimitV2Update),
        typeof(ConcurrencyLeaseHolder),
        typeof(ArtifactCreate),
        typeof(ArtifactUpdate),
        typeof(SavedSearchCreate),
        typeof(VariableCreate),
        typeof(VariableUpdate),
    }.ToFrozenSet();

    /// <summary>The bodies among the filters, besides those that extend <see cref="RunFilters"/>: they take unknown members.</summary>
    private static readonly FrozenSet<Type> Queries = new[]
    {
        typeof(LogQuery),
        typeof(VariableQuery),
        typeof(VariableCountQuery),
    }.ToFrozenSet();

    /// <summary>The types that stand for a list of items, or for one item without a list.</summary>
    private static readonly FrozenDictionary<Type, Type> OneOrMany = new Dictionary<Type, Type>
    {
        [typeof(EventRelatedFilters)] = typeof(EventRelatedFilter),
        [typeof(EventAnyResourceFilters)] = typeof(EventAnyResourceFilter),
    }.ToFrozenDictionary();

    /// <summary>How many errors an answer tells at most, of however many there are.</summary>
    public const int MostErrors = 100;

    /// <summary>Lists what is wrong with <paramref name="body"/>.</summary>
    /// <param name="body">The body.</param>
    /// <param name="type">What it is to become.</param>
    /// <param name="withValues">False to look at the members' names only.</param>
    public static List<RequestError> Check(JsonElement body, JsonTypeInfo type, bool withValues)
    {
        List<RequestError> errors = [];
        Check(body, type, ["body"], withValues, errors);
        return errors;
    }

    private static void Check(JsonElement value, JsonTypeInfo type, object[] location, bool withValues, List<RequestError> errors)
    {
        if (errors.Count >= MostErrors)
        {
            return;
        }

        switch (type.Kind)
        {
            case JsonTypeInfoKind.Object when type.Type == typeof(TaskRunInput):
                TaskInputCheck.Check(value, location, errors);
                break;
            case JsonTypeInfoKind.Object when value.ValueKind == JsonValueKind.Object:
                CheckMembers(value, type, location, withValues, errors);
                break;
            case JsonTypeInfoKind.Object:
                errors.Add(
                    new RequestError(
                        "model_attributes_type",
                        location,
                        "Input should be a valid dictionary or object to extract fields from",
                        value.Clone()
                    )
                );
                break;
            case JsonTypeInfoKind.Enumerable when value.ValueKind == JsonValueKind.Array:
                if (type.ElementType is { } elementType)
                {
                    CheckItems(value, type.Options.GetTypeInfo(elementType), location, withValues, errors);
                }

                break;
            case JsonTypeInfoKind.Enumerable:
                errors.Add(Problems.Of(type.Type, location, value));
                break;
            case JsonTypeInfoKind.Dictionary when value.ValueKind == JsonValueKind.Object:
                CheckEntries(value, type, location, withValues, errors);
                break;
            case JsonTypeInfoKind.None when OneOrMany.TryGetValue(type.Type, out var one):
                var item = type.Options.GetTypeInfo(one);
                if (value.ValueKind == JsonValueKind.Array)
                {
                    CheckItems(value, item, location, withValues, errors);
                }
                else
                {
                    Check(value, item, location, withValues, errors);
                }

                break;
            case JsonTypeInfoKind.Dictionary:
                errors.Add(Problems.Of(type.Type, location, value));
                break;
            default:
                if (withValues)
                {
                    CheckValue(value, type, location, errors);
                }

                break;
        }
    }

    private static void CheckMembers(JsonElement value, JsonTypeInfo type, object[] location, bool withValues, List<RequestError> errors)
    {
        var isStrict = IsStrict(type.Type);
        foreach (var member in value.EnumerateObject())
        {
            if (errors.Count >= MostErrors)
            {
                return;
            }

            var property = Find(type, member.Name);
            if (property is null)
            {
                if (isStrict && member.Name != Tolerated(type.Type))
                {
                    errors.Add(
                        new RequestError(
                            "extra_forbidden",
                            [.. location, member.Name],
                            "Extra inputs are not permitted",
                            member.Value.Clone()
                        )
                    );
                }
            }
            else if (member.Value.ValueKind != JsonValueKind.Null)
            {
                var inner = type.Options.GetTypeInfo(property.PropertyType);
                if (withValues || inner.Kind is not JsonTypeInfoKind.None || OneOrMany.ContainsKey(inner.Type))
                {
                    Check(member.Value, inner, [.. location, member.Name], withValues, errors);
                }
            }
            else if ((property.IsRequired && property.PropertyType != typeof(JsonElement?)) || IsNeverNull(type.Type, member.Name))
            {
                errors.Add(Problems.Of(property.PropertyType, [.. location, member.Name], member.Value));
            }
        }

        foreach (var property in type.Properties)
        {
            if (property.IsRequired && !value.TryGetProperty(property.Name, out _))
            {
                errors.Add(new RequestError("missing", [.. location, property.Name], "Field required", value.Clone()));
            }
        }
    }

    private static void CheckItems(JsonElement value, JsonTypeInfo element, object[] location, bool withValues, List<RequestError> errors)
    {
        var index = 0;
        foreach (var item in value.EnumerateArray())
        {
            if (item.ValueKind == JsonValueKind.Null && !TakesNull(element.Type))
            {
                errors.Add(Problems.Of(element.Type, [.. location, index], item));
            }
            else if (withValues || element.Kind is not JsonTypeInfoKind.None)
            {
                Check(item, element, [.. location, index], withValues, errors);
            }

            index++;
        }
    }

    private static void CheckEntries(JsonElement value, JsonTypeInfo type, object[] location, bool withValues, List<RequestError> errors)
    {
        if (type.ElementType is not { } elementType || elementType == typeof(JsonElement))
        {
            return;
        }

        var element = type.Options.GetTypeInfo(elementType);
        foreach (var entry in value.EnumerateObject())
        {
            if (entry.Value.ValueKind == JsonValueKind.Null && !TakesNull(elementType))
            {
                errors.Add(Problems.Of(elementType, [.. location, entry.Name], entry.Value));
            }
            else if (withValues || element.Kind is not JsonTypeInfoKind.None)
            {
                Check(entry.Value, element, [.. location, entry.Name], withValues, errors);
            }
        }
    }

    private static void CheckValue(JsonElement value, JsonTypeInfo type, object[] location, List<RequestError> errors)
    {
        try
        {
            _ = value.Deserialize(type);
        }
        catch (JsonException)
        {
            errors.Add(Problems.Of(type.Type, location, value));
        }
    }

    // Prefect's clients send no null there, and its server takes none.
    private static bool IsNeverNull(Type type, string name) => type == typeof(TaskRunCreate) && name == "task_inputs";

    // In a list nothing can stand for a default.
    private static bool TakesNull(Type type) =>
        type == typeof(JsonElement) || type == typeof(TaskRunInput) || Nullable.GetUnderlyingType(type) is not null;

    private static JsonPropertyInfo? Find(JsonTypeInfo type, string name)
    {
        foreach (var property in type.Properties)
        {
            if (property.Name == name)
            {
                return property.Set is null && property.AssociatedParameter is null ? null : property;
            }
        }

        return null;
    }

    /// <summary>Whether unknown members are refused.</summary>
    public static bool IsStrict(Type type) =>
        Strict.Contains(type)
        || (type.Namespace == typeof(FlowRunFilter).Namespace && !typeof(RunFilters).IsAssignableFrom(type) && !Queries.Contains(type));

    /// <summary>
    /// The member of a strict type that is ignored, because it says nothing: a deprecated criterion, or how a single one combines.
    /// </summary>
    public static string? Tolerated(Type type) =>
        type == typeof(DeploymentFilter) ? "concurrency_limit"
        : type == typeof(FlagFilter) ? "operator"
        : null;
}
