using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;
using Serverless.Core.Models;
using Serverless.Web.Http;

namespace Serverless.Web.Runs;

/// <summary>
/// A saved search of runs as the REST API keeps it: one filter for each part of the address. Searches that other pages saved say other
/// things, and are left alone.
/// </summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Path">The address of its list.</param>
public sealed record RunSearch(Guid Id, string Name, string Path)
{
    private const string Subject = "flow_run";
    private const string Operation = "address";

    /// <summary>What a search of other pages is not: null.</summary>
    public static RunSearch? Of(SavedSearch search)
    {
        ArgumentNullException.ThrowIfNull(search);
        var mine = search
            .Filters.Where(filter =>
                filter is { Subject: Subject, Operation: Operation, Value: { ValueKind: JsonValueKind.String } }
                && filter.Property.Length > 0
            )
            .ToLookup(filter => filter.Property, filter => filter.Value!.Value.GetString(), StringComparer.Ordinal);
        return mine.Count == 0 ? null : new RunSearch(search.Id, search.Name, RunFilterModel.Of(name => mine[name]).Path());
    }

    /// <summary>The filters that keep an address.</summary>
    public static IReadOnlyList<SavedSearchFilter> FiltersOf(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        var at = path.IndexOf('?');
        return
        [
            .. QueryHelpers
                .ParseQuery(at < 0 ? "" : path[at..])
                .Where(part => part.Key != Links.KeyName)
                .Select(part => new SavedSearchFilter
                {
                    Subject = Subject,
                    Property = part.Key,
                    Type = "string",
                    Operation = Operation,
                    Value = JsonSerializer.SerializeToElement(part.Value.ToString(), Serverless.Core.Json.WireJson.TypeInfo<string>()),
                }),
        ];
    }
}
