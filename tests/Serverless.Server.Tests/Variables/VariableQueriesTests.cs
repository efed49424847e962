using System.Text.Json;
using Serverless.Core.Filters;
using Serverless.Core.Models;
using Serverless.Server.Variables;

namespace Serverless.Server.Tests.Variables;

/// <param name="columns">Whether the store keeps columns.</param>
public abstract class VariableQueriesTests(bool columns)
{
    /// <summary>Variables come, change, get other names and go between the pages of a list: each page is of what is there.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Filter_AnyChangeBetweenPages_IsThePageOfTheVariablesAsTheyAre(int seed)
    {
        await using var server = await TestServer.StartAsync(columns: columns);
        var variables = server.Get<VariableService>();
        Random random = new(seed);
        List<Variable> all = [];
        AnyVariables any = new(random, all);
        for (var question = 0; question < 150; question++)
        {
            var query = any.Query();
            for (var offset = 0; offset <= all.Count; offset += query.Limit!.Value)
            {
                await ChangeAsync();
                var page = query with { Offset = offset };
                var matching = all.Where(each => query.Variables?.Matches(each) ?? true).Order(query.Sort.Comparer()).ToList();

                (await variables.FilterAsync(page))
                    .Select(Shown)
                    .ShouldBe(matching.Skip(offset).Take(query.Limit!.Value).Select(Shown), page.ToString());
                (await variables.CountAsync(query.Variables)).ShouldBe(matching.Count, page.ToString());
            }
        }

        async Task ChangeAsync()
        {
            server.Time.Advance(TimeSpan.FromSeconds(random.Next(2)));
            var which = random.Next(Math.Max(1, all.Count));
            var name = $"{(random.Next(2) == 0 ? "batch" : "size")}_{random.Next(60)}";
            var isFree = all.TrueForAll(each => each.Name != name);
            if (all.Count < 5 || (random.Next(2) == 0 && all.Count < 30))
            {
                if (isFree)
                {
                    all.Add(
                        await variables.CreateAsync(
                            new VariableCreate
                            {
                                Name = name,
                                Value = JsonElement.Parse($"{random.Next(9)}"),
                                Tags = any.SomeTags(),
                            }
                        )
                    );
                }
            }
            else if (random.Next(3) == 0)
            {
                (await variables.DeleteAsync(all[which].Id)).ShouldBeTrue();
                all.RemoveAt(which);
            }
            else
            {
                VariableUpdate update = new() { Tags = any.SomeTags(), Value = JsonElement.Parse($"{random.Next(9)}") };
                if (isFree && random.Next(2) == 0)
                {
                    update.Name = name;
                }

                (await variables.UpdateAsync(all[which].Id, update)).ShouldBeTrue();
                all[which] = (await variables.GetAsync(all[which].Id)).ShouldNotBeNull();
            }
        }

        static string Shown(Variable variable) => JsonSerializer.Serialize(variable);
    }

    private sealed class AnyVariables(Random random, List<Variable> all) : AnyCriteria(random)
    {
        public string[] SomeTags() => Some(["red", "green", "line\nend"]);

        public VariableQuery Query() =>
            new()
            {
                Variables = Now(5)
                    ? null
                    : new VariableFilter
                    {
                        Operator = One(Enum.GetValues<Operator>()),
                        Id = Now(4) ? Ids([.. all.Select(each => each.Id)]) : null,
                        Name = Now(3) ? Texts([.. all.Select(each => each.Name)]) : null,
                        Tags = Now(3) ? Tags("red", "green", "line\nend", "none") : null,
                    },
                Sort = One(Enum.GetValues<VariableSort>()),
                Limit = Number(3, 12),
            };
    }
}
