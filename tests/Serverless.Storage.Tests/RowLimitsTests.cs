namespace Serverless.Storage.Tests;

public sealed class RowLimitsTests
{
    [Theory]
    [InlineData('a', 512)]
    [InlineData('/', 256)]
    [InlineData(' ', 170)]
    [InlineData('é', 102)]
    public void ValidateKey_LengthAsStored_Decides(char c, int longest)
    {
        RowLimits.ValidateKey(new string(c, longest));
        Should.Throw<ArgumentException>(() => RowLimits.ValidateKey(new string(c, longest + 1))).Message.ShouldContain("the limit is 512");
    }

    [Fact]
    public void Validate_DerivedRows_LeaveOnePlaceLess()
    {
        var commit = Commit(100);
        RowLimits.Validate(commit);
        commit.AddDerived(RowOperation.Delete(new("lists", "p", "r")));
        Should.Throw<ArgumentException>(() => RowLimits.Validate(commit));
        RowLimits.Validate(Commit(99).AddDerived(RowOperation.Delete(new("lists", "p", "r"))));
    }

    [Fact]
    public void Validate_TooManyProperties_IsRefused()
    {
        RowProperties properties = [];
        for (var i = 0; i < RowLimits.MaxProperties; i++)
        {
            properties.Add($"p{i}", i);
        }

        RowLimits.Validate(new RowCommit().Add(RowOperation.Upsert(new("things", "p", "r"), properties)));
        properties.Add("last", 1);
        Should.Throw<ArgumentException>(() =>
            RowLimits.Validate(new RowCommit().Add(RowOperation.Upsert(new("things", "p", "r"), properties)))
        );
    }

    private static RowCommit Commit(int operations)
    {
        RowCommit commit = new();
        for (var i = 0; i < operations; i++)
        {
            commit.Add(RowOperation.Upsert(new("things", "p", $"{i}"), []));
        }

        return commit;
    }
}
