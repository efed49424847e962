namespace Serverless.Storage.Tests;

public sealed class RowPropertiesTests
{
    [Fact]
    public void Add_TypeThatRowsCannotHold_IsRefused() => Should.Throw<ArgumentException>(() => new RowProperties { { "x", 1m } });

    [Fact]
    public void Add_NameTwice_IsRefused() => Should.Throw<ArgumentException>(() => new RowProperties { { "x", 1 }, { "x", 2 } });

    [Fact]
    public void Get_AbsentOrOfAnotherType_AnswersDefaultOrThrows()
    {
        RowProperties properties = new() { { "x", 1 } };

        properties.Get<int?>("y").ShouldBeNull();
        properties.Get<string>("y").ShouldBeNull();
        Should.Throw<KeyNotFoundException>(() => properties.GetBytes("y"));
        Should.Throw<InvalidCastException>(() => properties.Get<string>("x"));
    }
}
