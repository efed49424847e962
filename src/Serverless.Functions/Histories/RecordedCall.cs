namespace Serverless.Functions.Histories;

/// <summary>A step that the orchestration took.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Name">The function that it calls, or the event that it sends; null for a timer.</param>
/// <param name="For">What the function is called for, where many things are done by one function: the key of a task, for example. Null
/// for what the name says, and where the host does not keep it.</param>
/// <param name="Text">The call in an author's words; null where the host does not keep the inputs, of which they are made.</param>
internal sealed record RecordedCall(RecordedCallKind Kind, string? Name = null, string? For = null, string? Text = null)
{
    /// <summary>True when two calls are the same as far as both are known.</summary>
    public bool IsSameAs(RecordedCall other) =>
        Kind == other.Kind
        && Name == other.Name
        && (For is null || other.For is null || For == other.For)
        && (Text is null || other.Text is null || Text == other.Text);

    /// <summary>The call in words.</summary>
    public override string ToString() => Text ?? CallNames.Of(Kind, Name, For);
}
