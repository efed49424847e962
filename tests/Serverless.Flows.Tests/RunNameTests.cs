using System.Reflection;
using Shouldly;
using Xunit;

namespace Serverless.Flows.Tests;

/// <summary>Names of runs that a declaration makes from their parameters.</summary>
public sealed class RunNameTests
{
    [Theory]
    [InlineData("look", "look")]
    [InlineData("look-{item}", "look-pen")]
    [InlineData("{item} at {when:yyyy-MM-dd}", "pen at 2026-03-04")]
    [InlineData("{count}/{count:000}/{chunkRows}/{chunk_rows}", "7/007/5/5")]
    [InlineData("{order.number}-{order.Lines}", "12-[1,2]")]
    [InlineData("{{{item}}}", "{pen}")]
    [InlineData("a{note}b{order.none}c{order.number.deeper}", "abc")]
    [InlineData("{note}", null)]
    [InlineData("{kind:D}", "1")]
    [InlineData("{kind}", "Large")]
    public void NameOfRun_Template_HasTheValues(string template, string? name) =>
        Define(template)
            .NameOfRun(
                """{"item":"pen","when":"2026-03-04T05:06:07Z","count":7,"order":{"number":12,"lines":[1,2]},"note":null,"kind":"Large"}"""
            )
            .ShouldBe(name);

    [Theory]
    [InlineData("{itm}", "names 'itm', which is no parameter (known: item, when, count, order, chunkRows, note, kind)")]
    [InlineData("{task}", "names 'task', which is no parameter")]
    [InlineData("{item", "has a { without a }")]
    [InlineData("item}", "has a } without a {")]
    [InlineData(" ", "is empty")]
    [InlineData("{item:N}", "has the format 'N' for 'item'; only parameters that are numbers, times, Guids or enums have one")]
    [InlineData("{order.number:N}", "has the format 'N' for 'order'; only parameters that are numbers, times, Guids or enums have one")]
    [InlineData("{when:Q}", "has the format 'Q', which DateTimeOffset 'when' does not know")]
    public void Definition_TemplateThatMakesNoSense_IsRefused(string template, string problem) =>
        Should
            .Throw<FlowRegistrationException>(() => Define(template))
            .Message.ShouldContain($"RunName '{template}' {problem}", Case.Sensitive);

    [Fact]
    public void NameOfRun_ValueThatDoesNotFit_IsShownAsItIs() => Define("{when:yyyy}").NameOfRun("""{"when":"soon"}""").ShouldBe("soon");

    [Fact]
    public void NameOfRun_LongValue_IsCutBetweenCharacters()
    {
        var name = Define("{item}").NameOfRun($$"""{"item":"a{{string.Concat(Enumerable.Repeat("\U0001F600", 200))}}"}""")!;

        name.Length.ShouldBe(199);
        char.IsLowSurrogate(name[^1]).ShouldBeTrue();
    }

    [Fact]
    public void NameOfRun_NothingDeclared_IsNull()
    {
        var task = new TaskDefinition(Method, new TaskAttribute());

        (task.NamesRuns, task.NameOfRun("{}")).ShouldBe((false, null));
    }

    private static MethodInfo Method => Declared.Method(typeof(RunNameTests), nameof(Look));

    private static TaskDefinition Define(string template) => new(Method, new TaskAttribute { RunName = template });

    internal static string Look(
        string item,
        DateTimeOffset when,
        int count,
        Steps.Order order,
        int chunkRows = 5,
        string? note = null,
        Declared.Size kind = Declared.Size.Small,
        TaskContext task = null!
    ) => $"{item}{when}{count}{order}{chunkRows}{note}{kind}{task?.Attempt}";
}
