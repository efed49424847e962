namespace Serverless.Flows.Tests;

internal sealed class Greeting(string text)
{
    internal string Text { get; } = text;

    /// <summary>How many of its users were disposed.</summary>
    internal int Released { get; set; }
}
