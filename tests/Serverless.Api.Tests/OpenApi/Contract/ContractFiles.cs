using System.Runtime.CompilerServices;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Serverless.Api.Tests.OpenApi.Contract;

/// <summary>The files beside this one: the facts of the reference, and the list of differences.</summary>
internal static class ContractFiles
{
    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The facts of Prefect's REST API; of its document nothing else is kept.</summary>
    public static string Reference => Beside("prefect-3.8.3.json");

    /// <summary>The differences, each with its reason.</summary>
    public static string Differences => Beside("differences.txt");

    /// <summary>Facts as they are stored.</summary>
    public static string Write(ContractFacts facts) => $"{JsonSerializer.Serialize(facts, Json)}\n";

    /// <summary>Stored facts.</summary>
    public static ContractFacts Read(string facts) => JsonSerializer.Deserialize<ContractFacts>(facts, Json)!;

    private static string Beside(string name, [CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, name);
}
