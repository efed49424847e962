namespace Serverless.Storage.Tests;

public sealed class RowCommitTests
{
    [Theory]
    [InlineData("other", "p")]
    [InlineData("things", "other")]
    public void Add_OutsideThePartition_IsRefused(string table, string partition)
    {
        var commit = new RowCommit().Add(RowOperation.Upsert(new("things", "p", "r"), []));

        Should.Throw<ArgumentException>(() => commit.Add(RowOperation.Upsert(new(table, partition, "s"), [])));
        commit.Operations.Count.ShouldBe(1);
    }

    [Fact]
    public void AddDerived_Conditional_IsRefused()
    {
        RowAddress address = new("lists", "p", "r");
        RowCommit commit = new();

        Should.Throw<ArgumentException>(() => commit.AddDerived(RowOperation.Insert(address, [])));
        Should.Throw<ArgumentException>(() => commit.AddDerived(RowOperation.Replace(address, [], "1")));
        Should.Throw<ArgumentException>(() => commit.AddDerived(RowOperation.Delete(address, "1")));
        Should.Throw<ArgumentException>(() => commit.AddDerived(RowOperation.Exists(address)));
        commit.Derived.ShouldBeEmpty();
    }
}
