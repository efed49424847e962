namespace Serverless.Web.Palette;

/// <summary>A place that one can go to.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Name">Its name.</param>
/// <param name="Link">Its address.</param>
public sealed record PaletteHit(string Kind, string Name, string Link);
