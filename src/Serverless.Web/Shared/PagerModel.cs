namespace Serverless.Web.Shared;

/// <summary>Where one is in a list.</summary>
/// <param name="Offset">How many come before.</param>
/// <param name="Count">How many are shown.</param>
/// <param name="Size">How many a page has.</param>
/// <param name="HasMore">Whether more follow.</param>
/// <param name="Address">The address of the page that begins after so many.</param>
public sealed record PagerModel(int Offset, int Count, int Size, bool HasMore, Func<int, string> Address);
