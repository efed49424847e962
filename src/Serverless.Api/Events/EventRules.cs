using Serverless.Api.Http;
using Serverless.Core.Models;

namespace Serverless.Api.Events;

/// <summary>What the types of an event do not say, with Prefect's bounds.</summary>
internal static class EventRules
{
    private const int MostLabels = 500;
    private const int MostRelated = 100;

    /// <summary>Refuses events that break a rule.</summary>
    /// <exception cref="InvalidRequestException">One does.</exception>
    public static void Check(IReadOnlyList<Event> events)
    {
        List<RequestError> errors = [];
        for (var i = 0; i < events.Count; i++)
        {
            Check(events[i], ["body", i], errors);
        }

        if (errors.Count > 0)
        {
            throw new InvalidRequestException(errors, null);
        }
    }

    /// <summary>Refuses an event that breaks a rule.</summary>
    /// <exception cref="InvalidRequestException">It does.</exception>
    public static void Check(Event reported)
    {
        List<RequestError> errors = [];
        Check(reported, ["body"], errors);
        if (errors.Count > 0)
        {
            throw new InvalidRequestException(errors, null);
        }
    }

    private static void Check(Event reported, object[] place, List<RequestError> errors)
    {
        if (reported.Related.Count > MostRelated)
        {
            Add(errors, [.. place, "related"], $"The maximum number of related resources is {MostRelated}");
        }

        CheckResource(reported.Resource, [.. place, "resource"], errors);
        for (var i = 0; i < reported.Related.Count && i < MostRelated; i++)
        {
            object[] related = [.. place, "related", i];
            CheckResource(reported.Related[i], related, errors);
            Require(reported.Related[i], Event.ResourceRole, "Related Resources", related, errors);
        }
    }

    private static void CheckResource(IReadOnlyDictionary<string, string> resource, object[] place, List<RequestError> errors)
    {
        if (resource.Count > MostLabels)
        {
            Add(errors, place, $"The maximum number of labels per resource is {MostLabels}");
        }

        Require(resource, Event.ResourceId, "Resources", place, errors);
    }

    private static void Require(
        IReadOnlyDictionary<string, string> resource,
        string label,
        string who,
        object[] place,
        List<RequestError> errors
    )
    {
        if (!resource.TryGetValue(label, out var value))
        {
            Add(errors, place, $"{who} must include the {label} label");
        }
        else if (value.Length == 0)
        {
            Add(errors, place, $"The {label} label must be non-empty");
        }
    }

    private static void Add(List<RequestError> errors, object[] place, string message) =>
        errors.Add(new RequestError("value_error", place, $"Value error, {message}"));
}
