namespace Serverless.Web.Shared;

/// <summary>What came of an action.</summary>
/// <param name="Text">In words.</param>
/// <param name="IsError">Whether it was refused or failed.</param>
/// <param name="Link">Where to go on; null for nowhere.</param>
/// <param name="LinkText">The words of the link.</param>
public sealed record Notice(string Text, bool IsError, string? Link = null, string? LinkText = null)
{
    /// <summary>It was done.</summary>
    public static Notice Done(string text, string? link = null, string? linkText = null) => new(text, false, link, linkText);

    /// <summary>It was not done.</summary>
    public static Notice Failed(string text) => new(text, true);
}
