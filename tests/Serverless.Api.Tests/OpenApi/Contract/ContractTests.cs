using System.Text.Json.Nodes;
using Serverless.Api.OpenApi;

namespace Serverless.Api.Tests.OpenApi.Contract;

/// <summary>
/// The OpenAPI document says what Prefect's says, operation by operation and member by member, but for the listed differences.
/// </summary>
public sealed class ContractTests
{
    [Fact]
    public async Task Document_AndThatOfPrefect_DifferOnlyAsListed()
    {
        await using var server = await ApiServer.StartAsync();
        var ours = ContractFacts.Of(JsonNode.Parse(await server.Get<ApiDocument>().ReadAsync())!);
        var reference = ContractFiles.Read(await File.ReadAllTextAsync(ContractFiles.Reference));

        var differences = ContractComparison.Compare(reference, ours);

        var listed = ListedDifferences.Read(await File.ReadAllLinesAsync(ContractFiles.Differences));
        listed.Patterns.ShouldAllBe(line => line.Reason.Length > 0);
        string.Join('\n', listed.NotListed(differences)).ShouldBeEmpty("mend these, or list them with the reason");
        string.Join('\n', listed.Outdated(differences)).ShouldBeEmpty("these are no differences any more");
    }

    /// <summary>
    /// The file is exactly what is written of a document: of that in <c>SERVERLESS_REFERENCE</c>, if there is one, and then the file is
    /// written again.
    /// </summary>
    [Fact]
    public async Task Facts_InTheFile_AreAsTheyAreWritten()
    {
        if (Environment.GetEnvironmentVariable("SERVERLESS_REFERENCE") is { Length: > 0 } document)
        {
            var facts = ContractFacts.Of(JsonNode.Parse(await File.ReadAllTextAsync(document))!);
            await File.WriteAllTextAsync(ContractFiles.Reference, ContractFiles.Write(facts));
        }

        var stored = await File.ReadAllTextAsync(ContractFiles.Reference);

        var read = ContractFiles.Read(stored);
        read.Operations.Count.ShouldBeGreaterThan(150);
        ContractFiles.Write(read).ShouldBe(stored);
    }

    [Theory]
    [InlineData("""{"type": "string", "format": "uuid"}""", "string:uuid")]
    [InlineData("""{"type": ["null", "string"], "maxLength": 5}""", "string length<=5 | null")]
    [InlineData("""{"anyOf": [{"type": "null"}, {"$ref": "#/components/schemas/B"}, {"type": "integer"}]}""", "integer | #B | null")]
    [InlineData("""{"$ref": "#/components/schemas/E", "default": "X"}""", "enum(X, Y) = \"X\"")]
    [InlineData(
        """{"type": "object", "additionalProperties": {"type": "array", "items": {"type": "number"}}, "default": {}}""",
        "{[number]}"
    )]
    [InlineData("""{"type": "integer", "exclusiveMinimum": 0.0, "default": 3}""", "integer >=1 = 3")]
    [InlineData("""{"anyOf": [{}, {"type": "null"}], "default": null}""", "any")]
    public void TypeOf_ASchema_IsItsShortForm(string schema, string expected)
    {
        var schemas = JsonNode.Parse("""{"B": {"type": "object", "properties": {}}, "E": {"enum": ["Y", "X"]}}""")!.AsObject();

        new SchemaReader(schemas).TypeOf(JsonNode.Parse(schema)!, withDefault: true).ShouldBe(expected);
    }

    [Theory]
    [InlineData("integer", "string", "string, not integer")]
    [InlineData("string", "string | null", "may be null")]
    [InlineData("integer >=0 = 1", "integer >=0 <=5", "default none, not 1", "also <=5")]
    [InlineData("[#Q]", "[#B]")]
    public void Compare_AMember_TellsEachDifferenceByItself(string reference, string ours, params string[] expected) =>
        ContractComparison
            .Compare(Facts("B", "Q", reference), Facts("A", "B", ours))
            .ShouldBe(expected.Select(difference => $"body B m: {difference}"), ignoreOrder: true);

    [Fact]
    public void Compare_MembersAndOperations_TellsWhatIsMissingAndWhatIsMore()
    {
        var reference = Facts("B", "Q", "string");
        var ours = Facts("A", "B", "string");
        ours.Schemas["A"].Members.Remove("m");
        ours.Schemas["A"].Members.Add("n!", "string");
        reference.Operations.Add("GET /x", reference.Operations["POST /"] with { Tag = "T" });

        ContractComparison.Compare(reference, ours).ShouldBe(["T: GET /x: missing", "body B m: missing", "body B n: not in the reference"]);
    }

    [Fact]
    public void NotListed_AndOutdated_AreWhatTheListAndTheDifferencesDoNotShare()
    {
        var listed = ListedDifferences.Read(["# so", "a *: b", "c", "", "# and so", "*/{id}*"]);

        listed.NotListed(["a x: b", "ax", "GET /{id}/y"]).ShouldBe(["ax"]);
        listed.Outdated(["a x: b", "GET /{id}/y"]).ShouldBe(["c"]);
        listed.Patterns[2].Reason.ShouldBe("and so");
    }

    private static ContractFacts Facts(string body, string other, string member) =>
        new(
            new() { ["POST /"] = new ContractOperation("o", string.Empty, [], $"#{body}", []) },
            new() { [body] = new ContractSchema(false, new() { ["m"] = member }), [other] = new ContractSchema(false, []) }
        );
}
