using System.Text.Json;
using System.Text.Json.Serialization;

namespace Serverless.Flows.Testing.Replay;

/// <summary>The history of one execution of a flow run, as it is saved for replays.</summary>
/// <param name="Format">The version of this form.</param>
/// <param name="Flow">The flow's name.</param>
/// <param name="Instance">The id of the orchestration.</param>
/// <param name="Incarnation">Tells it from others with the same id; ids that the body draws depend on it.</param>
/// <param name="Execution">Which execution of it: a retry of the flow is the next one.</param>
/// <param name="Turns">The turns, in order.</param>
internal sealed record RecordedHistory(
    int Format,
    string Flow,
    string Instance,
    Guid Incarnation,
    int Execution,
    IReadOnlyList<RecordedTurn> Turns
)
{
    public const int PresentFormat = 1;

    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
    };

    public string ToJson() => JsonSerializer.Serialize(this, Options);

    /// <summary>Reads a saved history.</summary>
    /// <exception cref="ArgumentException">It is none, or of another version.</exception>
    public static RecordedHistory Read(string json)
    {
        RecordedHistory? history;
        try
        {
            history = JsonSerializer.Deserialize<RecordedHistory>(json, Options);
        }
        catch (JsonException error)
        {
            throw new ArgumentException($"This is not the history of a run: {error.Message}", nameof(json), error);
        }

        return history is { Format: PresentFormat, Flow: not null, Instance: not null, Turns: not null }
            ? history
            : throw new ArgumentException(
                $"This is not the history of a run in the format {PresentFormat}, which this version reads: record it again.",
                nameof(json)
            );
    }
}
