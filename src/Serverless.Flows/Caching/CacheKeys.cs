using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;

namespace Serverless.Flows.Caching;

/// <summary>
/// Computes cache keys: the SHA-256 of a canonical JSON text of the parts. What is in that text decides whether results of an earlier
/// release are found: add parts, never change one.
/// </summary>
internal static class CacheKeys
{
    /// <summary>The key.</summary>
    /// <param name="task">The task.</param>
    /// <param name="parts">What it is made of.</param>
    /// <param name="ignored">The names in JSON of the arguments that are left out.</param>
    /// <param name="run">The call.</param>
    /// <param name="custom">The key of the author's code; null for none.</param>
    internal static string Compute(
        TaskDefinition task,
        CacheBy parts,
        IReadOnlyCollection<string> ignored,
        in Hosting.CachedCall run,
        string? custom
    )
    {
        ArrayBufferWriter<byte> text = new();
        using (Utf8JsonWriter writer = new(text, new JsonWriterOptions { Encoder = FlowJson.Options.Encoder }))
        {
            writer.WriteStartObject();
            if (custom is not null)
            {
                writer.WriteString("custom", custom);
            }

            if (parts.HasFlag(CacheBy.FlowParameters))
            {
                WriteObject(writer, "flow_parameters", run.FlowParametersJson, []);
            }

            if (parts.HasFlag(CacheBy.Inputs))
            {
                WriteObject(writer, "inputs", run.ArgumentsJson, ignored);
            }

            if (parts.HasFlag(CacheBy.RunId))
            {
                writer.WriteString("run_id", run.FlowRunId);
            }

            if (parts.HasFlag(CacheBy.TaskSource))
            {
                writer.WriteString("task_source", task.SourceHash);
            }

            writer.WriteEndObject();
        }

        return Convert.ToHexStringLower(SHA256.HashData(text.WrittenSpan));
    }

    private static void WriteObject(Utf8JsonWriter writer, string name, string? json, IReadOnlyCollection<string> without)
    {
        writer.WritePropertyName(name);
        using var document = JsonDocument.Parse(string.IsNullOrWhiteSpace(json) ? "{}" : json);
        CanonicalJson.Write(writer, document.RootElement, without);
    }
}
