using Microsoft.Extensions.DependencyInjection;
using Serverless.TestDoubles;
using Shouldly;
using Xunit;

namespace Serverless.Flows.Tests.Binding;

public sealed class ParameterBinderTests
{
    private const string Id = "00000000-0000-0000-0000-000000000001";

    [Theory]
    [InlineData("", "world/3//True")]
    [InlineData("{}", "world/3//True")]
    [InlineData("""{"name":"x","count":5,"rate":1.10}""", "x/5/1.10/True")]
    [InlineData("""{"rate":null}""", "world/3//True")]
    public async Task Bind_Defaults_FillWhatIsMissing(string json, string expected) =>
        (await RunAsync("Plain", json)).ShouldBe($"\"{expected}\"");

    [Theory]
    [InlineData("chunk_rows")]
    [InlineData("chunkRows")]
    public async Task Bind_WireNameOrCSharpName_IsTaken(string name) =>
        (await RunAsync("Required", $$"""{"path":"p","{{name}}":7,"size":"Large","id":"{{Id}}","note":null}""")).ShouldBe(
            $"\"p/7/Large/{Id}/\""
        );

    [Theory]
    [InlineData("0.1")]
    [InlineData("79228162514264337593543950335")]
    [InlineData("12345678901234567.10")]
    public async Task Bind_Decimal_StaysExact(string number) => (await RunAsync("Money", $$"""{"amount":{{number}}}""")).ShouldBe(number);

    [Fact]
    public async Task Bind_DefaultsOfAllSorts_AreRight() =>
        (await RunAsync("Defaults", "{}")).ShouldBe("\"Large/Large/00000000-0000-0000-0000-000000000000/1.10/\"");

    [Fact]
    public void ValidateParameters_SeveralProblems_ListsThemAll()
    {
        var errors = Declared.Flow("Required").ValidateParameters("""{"path":5,"chunk_rows":0,"size":"Huge","extra":[1,2]}""");
        errors
            .Select(error => error.Message)
            .ShouldBe([
                "'path': expected a string, got 5",
                "'chunk_rows': expected a value between 1 and 100, got 0",
                "'size': expected one of Small, Large, got \"Huge\"",
                "'extra': expected no such parameter (known: path, chunk_rows, size, id, note), got [1,2]",
                "'id': expected a UUID, got nothing",
                "'note': expected a string or null, got nothing",
            ]);
    }

    [Theory]
    [InlineData("[1]", "'parameters': expected a JSON object, got [1]")]
    [InlineData("{", "'parameters': expected a JSON object, got {")]
    [InlineData("null", "'parameters': expected a JSON object, got null")]
    [InlineData("""{"name":null}""", "'name': expected a string, got null")]
    [InlineData("""{"count":1.5}""", "'count': expected an integer (Int32), got 1.5")]
    [InlineData("""{"count":"3"}""", "'count': expected an integer (Int32), got \"3\"")]
    [InlineData("""{"count":99999999999}""", "'count': expected an integer (Int32), got 99999999999")]
    [InlineData("""{"rate":true}""", "'rate': expected a number or null, got true")]
    public void ValidateParameters_OneProblem_SaysWhatWasExpectedAndWhatCame(string json, string expected) =>
        Declared.Flow("Plain").ValidateParameters(json).ShouldHaveSingleItem().Message.ShouldBe(expected);

    [Theory]
    [InlineData("""{"number":"x"}""", "'order.number': expected an integer (Int32), got \"x\"")]
    [InlineData("""{"number":0}""", "'order.number': expected a value between 1 and 9, got 0")]
    [InlineData("""{"number":1,"next":{"number":10}}""", "'order.next.number': expected a value between 1 and 9, got 10")]
    [InlineData("""{"number":1,"customer":null}""", "'order.customer': expected a string, got null")]
    [InlineData("""{"number":1,"next":{}}""", "'order.next': expected an object with 'number', got {}")]
    [InlineData("3", "'order': expected an object, got 3")]
    [InlineData("{}", "'order': expected an object with 'number', got {}")]
    public void ValidateParameters_InsideAnObject_NamesThePlace(string order, string expected) =>
        Declared
            .Flow("Rich")
            .ValidateParameters($$"""{"who":"me","list":[1],"order":{{order}}}""")
            .ShouldHaveSingleItem()
            .Message.ShouldBe(expected);

    [Fact]
    public void ValidateParameters_Annotations_AreChecked()
    {
        var errors = Declared
            .Flow("Rich")
            .ValidateParameters("""{"who":"x","list":[],"order":{"number":1},"word":"A","choice":"z","factor":0}""");
        errors.Select(error => error.Parameter).ShouldBe(["who", "list", "word", "choice", "factor"]);
    }

    [Fact]
    public void ValidateParameters_Fitting_FindsNothing() =>
        Declared
            .Flow("Rich")
            .ValidateParameters("""{"who":"me","list":[1],"order":{"number":1},"size":"small","anything":{"a":[]}}""")
            .ShouldBeEmpty();

    [Fact]
    public void ValidateParameters_LongValue_IsShortened() =>
        Declared
            .Flow("Plain")
            .ValidateParameters($$"""{"count":"{{new string('x', 500)}}"}""")
            .ShouldHaveSingleItem()
            .Actual.Length.ShouldBe(81);

    [Fact]
    public async Task InvokeAsync_InvalidParameters_ThrowsWithEverything()
    {
        var error = await Should.ThrowAsync<ParameterValidationException>(() => RunAsync("Plain", """{"count":"x","name":1}"""));
        error.Errors.Count.ShouldBe(2);
        error.Message.ShouldBe(
            "Invalid parameters of flow 'plain': 'count': expected an integer (Int32), got \"x\"; 'name': expected a string, got 1."
        );
    }

    private static async Task<string?> RunAsync(string method, string json)
    {
        var registry = new FlowRegistryBuilder().Build();
        var services = new ServiceCollection().BuildServiceProvider();
        return await new InMemoryFlowEngine(registry, services).RunFlowAsync(Declared.Flow(method), json);
    }
}
