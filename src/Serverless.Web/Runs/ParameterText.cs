using System.Text.Json;
using Serverless.Core.Json;
using Serverless.Core.Models;

namespace Serverless.Web.Runs;

/// <summary>A part of the JSON of a run's parameters. Upper and lower case, and white space, make no difference.</summary>
internal sealed class ParameterText(string text)
{
    private readonly string _text = Squeeze(text);

    /// <summary>Whether it is a part of the run's parameters.</summary>
    /// <param name="run">The run.</param>
    /// <param name="looked">Counts the characters that were looked at.</param>
    public bool IsIn(FlowRun run, ref int looked)
    {
        if (run.Parameters.Count == 0)
        {
            return false;
        }

        var json = JsonSerializer.Serialize(run.Parameters, WireJson.TypeInfo<IReadOnlyDictionary<string, JsonElement>>());
        looked += json.Length;
        return Squeeze(json).Contains(_text, StringComparison.OrdinalIgnoreCase);
    }

    private static string Squeeze(string text) =>
        text.Any(char.IsWhiteSpace) ? string.Concat(text.Where(each => !char.IsWhiteSpace(each))) : text;
}
