namespace Serverless.Server.Events;

/// <summary>Something that has to do with a run.</summary>
/// <param name="Kind">What it is, as in <c>flow</c>.</param>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Tags">Its tags.</param>
internal sealed record RelatedObject(string Kind, Guid Id, string Name, IReadOnlyList<string> Tags);
