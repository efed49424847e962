using System.Text.Encodings.Web;
using System.Text.Json;

namespace Serverless.Functions.Histories;

/// <summary>
/// The history of one execution of a flow run, as it is saved for replays; the same from either host. Contains the parameters, and the
/// results of the calls.
/// </summary>
/// <param name="Format">The version of this form.</param>
/// <param name="Flow">The flow's name.</param>
/// <param name="Instance">The id of the orchestration.</param>
/// <param name="Execution">Tells it from others with the same id: a retry of the flow is the next one.</param>
/// <param name="Turns">The turns, in order.</param>
internal sealed record RecordedHistory(int Format, string Flow, string Instance, string Execution, IReadOnlyList<RecordedTurn> Turns)
{
    public const int PresentFormat = 3;

    private static readonly HistoryFileJson Json = new(
        new JsonSerializerOptions(HistoryFileJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }
    );

    public string ToJson() => JsonSerializer.Serialize(this, Json.RecordedHistory);

    /// <summary>Reads a saved history.</summary>
    /// <exception cref="ArgumentException">It is none, or of another version.</exception>
    public static RecordedHistory Read(string json)
    {
        RecordedHistory? history;
        try
        {
            history = JsonSerializer.Deserialize(json, Json.RecordedHistory);
        }
        catch (JsonException error)
        {
            throw new ArgumentException($"This is not the history of a run: {error.Message}", nameof(json), error);
        }

        return history is { Format: PresentFormat, Flow: not null, Instance: not null, Execution: not null, Turns: not null }
            ? history
            : throw new ArgumentException(
                $"This is not the history of a run in the format {PresentFormat}, which this version reads: record it again.",
                nameof(json)
            );
    }
}
