using System.Text.Json;
using Serverless.Core.Filters;
using Serverless.Core.Models;
using Serverless.Server.Variables;
using Serverless.Storage;

namespace Serverless.Server.Tests.Variables;

public sealed class VariableServiceTests
{
    private static readonly string[] Names = ["a", "b", "c"];

    [Fact]
    public async Task Update_WithAnotherName_KeepsTheId_AndFreesTheOldName()
    {
        await using var server = await TestServer.StartAsync();
        var variables = server.Get<VariableService>();
        var created = await variables.CreateAsync(New("a"));
        server.Time.Advance(TimeSpan.FromSeconds(1));

        (await variables.UpdateAsync("a", new VariableUpdate { Name = "b" })).ShouldBeTrue();

        (await variables.GetAsync("a")).ShouldBeNull();
        var renamed = (await variables.GetAsync("b")).ShouldNotBeNull();
        renamed.Id.ShouldBe(created.Id);
        renamed.Created.ShouldBe(created.Created);
        renamed.Updated.ShouldBe(created.Updated + TimeSpan.FromSeconds(1));
        (await variables.GetAsync(created.Id)).ShouldNotBeNull().Name.ShouldBe("b");
        var other = await variables.CreateAsync(New("a"));
        await Should.ThrowAsync<RequestConflictException>(() => variables.UpdateAsync(other.Id, new VariableUpdate { Name = "b" }));
        await Should.ThrowAsync<RequestConflictException>(() => variables.CreateAsync(New("b")));

        (await variables.DeleteAsync(created.Id)).ShouldBeTrue();
        (await variables.DeleteAsync("a")).ShouldBeTrue();
        (await variables.DeleteAsync("a")).ShouldBeFalse();
        (await server.Store.CountAsync(VariableKeys.Table)).ShouldBe(0);
    }

    [Fact]
    public async Task Filter_ByEachCriterion_FindsThem_InEachOrder()
    {
        await using var server = await TestServer.StartAsync();
        var variables = server.Get<VariableService>();
        string long1 = new('a', 255);
        List<Variable> all = [];
        foreach (var name in new[] { "variable2", long1, "variable1", "x" })
        {
            all.Add(await variables.CreateAsync(New(name, name[^1..])));
            server.Time.Advance(TimeSpan.FromSeconds(1));
        }

        await variables.UpdateAsync(all[0].Id, new VariableUpdate { Tags = [] });

        (await NamesAsync()).ShouldBe([long1, "variable1", "variable2", "x"]);
        (await NamesAsync(sort: VariableSort.NameDesc)).ShouldBe(["x", "variable2", "variable1", long1]);
        (await NamesAsync(sort: VariableSort.CreatedDesc)).ShouldBe(["x", "variable1", long1, "variable2"]);
        (await NamesAsync(sort: VariableSort.UpdatedDesc)).ShouldBe(["variable2", "x", "variable1", long1]);
        (await NamesAsync(new VariableFilter { Name = new TextFilter { Any = ["x", "variable1", "x", "y/z"] } })).ShouldBe([
            "variable1",
            "x",
        ]);
        (await NamesAsync(new VariableFilter { Name = new TextFilter { Like = "ABLE%" } })).ShouldBe(["variable1", "variable2"]);
        (await NamesAsync(new VariableFilter { Id = new IdFilter { Any = [all[3].Id, Guid.Empty] } })).ShouldBe(["x"]);
        (await NamesAsync(new VariableFilter { Tags = new TagFilter { All = ["x"] } })).ShouldBe(["x"]);
        (await NamesAsync(new VariableFilter { Tags = new TagFilter { IsNull = true } })).ShouldBe(["variable2"]);
        VariableFilter either = new()
        {
            Operator = Operator.Or,
            Id = new IdFilter { Any = [all[3].Id] },
            Tags = new TagFilter { IsNull = true },
        };
        (await NamesAsync(either)).ShouldBe(["variable2", "x"]);
        (await variables.CountAsync(either)).ShouldBe(2);
        (await variables.CountAsync(null)).ShouldBe(4);
        (await variables.FilterAsync(new VariableQuery { Offset = 1, Limit = 2 }))
            .Select(variable => variable.Name)
            .ShouldBe(["variable1", "variable2"]);

        async Task<IEnumerable<string>> NamesAsync(VariableFilter? filter = null, VariableSort sort = default) =>
            (await variables.FilterAsync(new VariableQuery { Variables = filter, Sort = sort })).Select(variable => variable.Name);
    }

    /// <summary>Between the two reads of a variable by its id, it gets another name.</summary>
    [Fact]
    public async Task Get_ByIdWhileItIsRenamed_FindsIt()
    {
        await using var server = await TestServer.StartAsync();
        var variables = server.Get<VariableService>();
        var created = await variables.CreateAsync(New("a"));
        var reads = 0;
        server.Store.BeforeRead = async address =>
        {
            if (address.Table == VariableKeys.Table && ++reads == 2)
            {
                server.Store.BeforeRead = null;
                await variables.UpdateAsync("a", new VariableUpdate { Name = "b" });
                await variables.CreateAsync(New("a"));
            }
        };

        (await variables.GetAsync(created.Id)).ShouldNotBeNull().Name.ShouldBe("b");
    }

    /// <summary>Before the one commit of a request another request runs as a whole.</summary>
    [Theory]
    [InlineData("create", "create")]
    [InlineData("create", "rename")]
    [InlineData("rename", "create")]
    [InlineData("rename", "rename")]
    [InlineData("rename", "delete")]
    [InlineData("delete", "rename")]
    [InlineData("delete", "delete")]
    [InlineData("delete", "create")]
    public async Task TwoAtOnce_OneGetsTheName(string first, string second)
    {
        await using var server = await TestServer.StartAsync();
        var variables = server.Get<VariableService>();
        var one = await variables.CreateAsync(New("a"));
        var two = await variables.CreateAsync(New("c"));
        var isSecond = false;
        server.Store.Once(VariableKeys.Table, async () => isSecond = await TryAsync(() => ActAsync(second, two)));

        var isFirst = await TryAsync(() => ActAsync(first, one));

        (isFirst, isSecond).ShouldBe(
            (first, second) switch
            {
                ("create" or "rename", "create" or "rename") => (false, true),
                ("delete", _) or (_, "delete") => (true, true),
                _ => (true, false),
            }
        );
        await VerifyAsync(server);

        Task ActAsync(string what, Variable variable) =>
            what switch
            {
                "create" => variables.CreateAsync(New("b")),
                "rename" => variables.UpdateAsync(variable.Id, new VariableUpdate { Name = "b" }),
                _ => variables.DeleteAsync(variable.Id),
            };
    }

    [Fact]
    public async Task AnySteps_AndCrashes_NoTwoHaveOneName_AndEachIsFoundByNameAndId()
    {
        for (var seed = 0; seed < 10; seed++)
        {
            await using var server = await TestServer.StartAsync();
            Random random = new(seed);
            for (var step = 0; step < 25; step++)
            {
                FailSometimes(server, random);
                await Task.WhenAll(
                    Enumerable
                        .Range(0, 3)
                        .Select(_ => (Kind: random.Next(4), Which: random.Next(8), Name: Names[random.Next(3)]))
                        .ToList()
                        .Select(act =>
                            Task.Run(() => TryAsync(() => ActAsync(server.Get<VariableService>(), act.Kind, act.Which, act.Name)))
                        )
                );
                (server.Store.BeforeCommit, server.Store.AfterCommit) = (null, null);
                await VerifyAsync(server, $"seed {seed}, step {step}");
            }
        }
    }

    private static async Task ActAsync(VariableService variables, int kind, int which, string name)
    {
        var all = await variables.FilterAsync(new VariableQuery());
        if (all.Count == 0 || kind == 0)
        {
            await variables.CreateAsync(New(name));
        }
        else if (kind == 1)
        {
            await variables.DeleteAsync(all[which % all.Count].Id);
        }
        else if (kind == 2)
        {
            await variables.UpdateAsync(all[which % all.Count].Name, new VariableUpdate { Name = name });
        }
        else
        {
            await variables.UpdateAsync(all[which % all.Count].Id, new VariableUpdate { Name = name, Tags = ["x"] });
        }
    }

    /// <summary>A process dies now and then, before a commit or after it.</summary>
    private static void FailSometimes(TestServer server, Random random)
    {
        if (random.Next(4) > 0)
        {
            return;
        }

        var left = random.Next(3);
        var isApplied = random.Next(2) == 0;
        server.Store.BeforeCommit = isApplied ? null : _ => Interlocked.Decrement(ref left) < 0 ? throw Dead() : Task.CompletedTask;
        server.Store.AfterCommit = !isApplied
            ? null
            : _ =>
            {
                if (Interlocked.Decrement(ref left) < 0)
                {
                    throw Dead();
                }
            };
    }

    private static RowStoreUnavailableException Dead() => new("The process dies.");

    private static async Task<bool> TryAsync(Func<Task> act)
    {
        try
        {
            await act();
            return true;
        }
        catch (Exception refused) when (refused is RequestConflictException or RowStoreUnavailableException)
        {
            return false;
        }
    }

    private static VariableCreate New(string name, params string[] tags) =>
        new()
        {
            Name = name,
            Value = JsonElement.Parse("1"),
            Tags = tags,
        };

    private static async Task VerifyAsync(TestServer server, string? when = null)
    {
        var variables = server.Get<VariableService>();
        var all = await variables.FilterAsync(new VariableQuery());
        all.Select(variable => variable.Name).ShouldBeUnique(when);
        foreach (var variable in all)
        {
            (await variables.GetAsync(variable.Name)).ShouldNotBeNull(when).Id.ShouldBe(variable.Id, when);
            (await variables.GetAsync(variable.Id)).ShouldNotBeNull(when).Name.ShouldBe(variable.Name, when);
        }

        (await server.Store.CountAsync(VariableKeys.Table)).ShouldBe(all.Count * 2, when);
    }
}
