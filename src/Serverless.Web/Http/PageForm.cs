using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Serverless.Web.Http;

/// <summary>The fields of a form that an action was sent with. Its token has been checked.</summary>
/// <param name="fields">The fields.</param>
internal sealed class PageForm(IFormCollection fields)
{
    /// <summary>All fields.</summary>
    public IFormCollection Fields => fields;

    /// <summary>The text of a field, without spaces around it; null when it is empty or not there.</summary>
    public string? Text(string name) => fields[name] is [{ } text, ..] && text.Trim() is { Length: > 0 } trimmed ? trimmed : null;

    /// <summary>Whether a box is ticked.</summary>
    public bool Flag(string name) => Text(name) is not null;

    /// <summary>A number that is not below the least; null when the field is empty.</summary>
    /// <exception cref="BadHttpRequestException">It is none, or below.</exception>
    public int? Number(string name, string label, int least)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        return int.TryParse(text, out var number) && number >= least
            ? number
            : throw new BadHttpRequestException($"{label} must be a whole number of at least {least}.", 422);
    }

    /// <summary>The ids of the ticked boxes.</summary>
    public IReadOnlyList<Guid> Ids(string name) =>
        [.. fields[name].Select(text => Guid.TryParse(text, out var id) ? id : (Guid?)null).OfType<Guid>().Distinct()];

    /// <summary>The words of a field, separated by commas.</summary>
    public IReadOnlyList<string> Words(string name) =>
        [.. (Text(name) ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Distinct()];

    /// <summary>The form of an action's request, which <see cref="ActionCheck"/> has read.</summary>
    public static PageForm Of(HttpContext http) => http.Features.GetRequiredFeature<PageForm>();
}
