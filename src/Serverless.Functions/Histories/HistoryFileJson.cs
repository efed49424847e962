using System.Text.Json;
using System.Text.Json.Serialization;

namespace Serverless.Functions.Histories;

/// <summary>The form of saved histories.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    WriteIndented = true,
    UseStringEnumConverter = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(RecordedHistory))]
internal sealed partial class HistoryFileJson : JsonSerializerContext;
